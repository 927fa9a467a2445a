import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type FaultPoint, onFaultPoint } from "#fault-points.ts";
import { ARMED, Armed, type Order, Orders, type Strike } from "./orders.ts";
import "./tether.ts";

/** Loaded before the app (`node --import`): takes orders over IPC and carries them out at fault points. */

const { strikes, name } = Armed.parse(JSON.parse(process.env[ARMED] ?? "{}"));
let orders: Order[] = [];

process.on("message", (said) => {
  orders = Orders.parse(said).orders;
});
process.channel?.unref(); // a listener holds it again

onFaultPoint(async (point) => {
  const due = orders.find((order) => order.point === point);
  if (!due) return;
  due.nth -= 1;
  if (due.nth > 0) return;
  orders = orders.filter((order) => order !== due);
  witness(point, due);
  await strike(due);
});

async function strike({ action, ms, point }: Order): Promise<void> {
  if (action === "delay") await sleep(ms ?? 1000);
  if (action === "throw") throw new Error(`ordered at ${point}`);
  if (action === "stop") process.kill(process.pid, "SIGSTOP");
  if (action === "term") process.kill(process.pid, "SIGTERM");
  if (action === "term" && ms) await sleep(ms);
  if (action !== "kill") return;
  process.kill(process.pid, "SIGKILL");
  await new Promise(() => {}); // not one step further
}

function witness(point: FaultPoint, { action }: Order): void {
  const said: Strike = { at: Date.now(), name, point, action };
  appendFileSync(strikes, `${JSON.stringify(said)}\n`);
}

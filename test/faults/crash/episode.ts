import { setTimeout as sleep } from "node:timers/promises";
import { provoke } from "../people/provoke.ts";
import type { Town } from "../people/town.ts";
import type { KeptRunning } from "../processes/kept-running.ts";
import type { Order, Strike } from "../processes/orders.ts";
import { isAboutWaiting, letWait } from "./waiting.ts";

const AT_ONCE = 3;
const MAX_DEEDS = 16; // the agents' channel takes one message a second
const HIT_MS = 90_000;
const LOOK_MS = 100;

/** People work until the last of the orders strikes; then all that they began is waited for. Nothing when it never struck. */
export async function strikeAtWork(town: Town, orders: Order[]): Promise<Strike | undefined> {
  const { world } = town;
  const last = orders.at(-1);
  if (!last) return undefined;
  const begun = world.strikes.entries.length;
  const isLast = ({ point, action }: Strike) => point === last.point && action === last.action;
  const struck = () => world.strikes.entries.slice(begun).filter(isLast);

  const isOver = () => struck().length > 0;
  if (isAboutWaiting(last.point)) {
    await letWait(town, orders);
    await world.strikes.until(isOver, HIT_MS);
  } else {
    world.arm(orders);
    await workUntil(town, last, isOver);
  }
  world.arm([]);
  await Promise.all(world.apps.map((app) => runsAfter(app, struck())));
  await Promise.all(town.pending);
  return struck()[0];
}

/** Two workers may come by the same point before either is told that the other did. */
async function runsAfter(app: KeptRunning, struck: Strike[]): Promise<void> {
  const own = struck.find(({ name }) => name === app.name);
  if (own?.action === "term") await app.ended(own.at);
  await app.running(own?.at);
}

async function workUntil(town: Town, { point }: Order, isOver: () => boolean): Promise<void> {
  const deadline = Date.now() + HIT_MS;
  let deeds = 0;
  while (!isOver() && Date.now() < deadline) {
    const isFree = town.pending.size < AT_ONCE && deeds < MAX_DEEDS;
    if (isFree && provoke(town, point)) deeds += 1;
    await sleep(LOOK_MS);
  }
}

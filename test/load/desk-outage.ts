import type { Options } from "./options.ts";
import type { World } from "./world.ts";

const MANY = 100_000; // more than a worker can ask

/** Takes the desk away; what it answers gives the desk back. */
export async function breakDesk(
  desk: World["desk"],
  how: Options["how"],
): Promise<() => Promise<void>> {
  if (how === "hang") {
    desk.process.kill("SIGSTOP");
    return async () => void desk.process.kill("SIGCONT");
  }
  const order = () =>
    ask(desk.url, { method: "PUT", body: JSON.stringify({ fault: "down", times: MANY }) });
  await order();
  return () => ask(desk.url, { method: "DELETE" });
}

async function ask(url: string, init: RequestInit): Promise<void> {
  const { status } = await fetch(new URL("/faults", url), init);
  if (status !== 204) throw new Error(`The desk answered ${status} to an order.`);
}

import type { ServerResponse } from "node:http";
import type { Change } from "./changes.ts";
import type { Live } from "./page/contract.ts";
import type { Person } from "./records.ts";
import type { Sim } from "./sim.ts";

const KEEP_ALIVE_MS = 15_000;

/** Server-sent events: what changed for this person, for as long as the page listens. */
export function streamChanges(sim: Sim, me: Person, response: ServerResponse): void {
  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    Connection: "keep-alive",
  });
  response.write(": connected\n\n");
  const beat = setInterval(() => response.write(": still here\n\n"), KEEP_ALIVE_MS).unref();
  const stop = sim.changes.listen((change) => {
    const live = liveFor(sim, me, change);
    if (live) response.write(`data: ${JSON.stringify(live)}\n\n`);
  });
  response.on("close", () => {
    clearInterval(beat);
    stop();
  });
}

function liveFor(sim: Sim, me: Person, change: Change): Live | undefined {
  if (change.what === "world") return change;
  if (change.what === "notice")
    return change.userId === me.id ? { what: "notice", text: change.text } : undefined;
  const { onlyFor, ...live } = change;
  if (onlyFor && onlyFor !== me.id) return undefined;
  const channel = sim.world.channels.get(change.channel);
  return channel?.memberIds.includes(me.id) ? live : undefined;
}

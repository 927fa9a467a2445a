import type { Message } from "./records.ts";
import type { Sim } from "./sim.ts";

/** A link that opens the simulator's page at this message, in the shape of Slack's own. */
export function permalinkOf(sim: Sim, message: Message): string {
  const path = `${sim.origin}/archives/${message.channel}/p${message.ts.replace(".", "")}`;
  if (!message.threadTs) return path;
  return `${path}?thread_ts=${message.threadTs}&cid=${message.channel}`;
}

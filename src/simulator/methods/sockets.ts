import type { Fields } from "#simulator/block-rules.ts";
import type { Call } from "#simulator/method.ts";
import { SlackError } from "#simulator/slack-error.ts";

export function openSocket({ sim }: Call): Fields {
  const path = sim.sockets.newPath();
  if (!path) throw new SlackError("too_many_websockets");
  return { url: `${sim.origin.replace("http", "ws")}${path}` };
}

import { App, HTTPReceiver, LogLevel } from "@slack/bolt";
import { sayPort } from "./say-port.ts";

/** A Bolt 5 app over HTTP that knows one workspace and does nothing yet: the floor of every baseline. */
const receiver = new HTTPReceiver({
  signingSecret: process.env.SLACK_SIGNING_SECRET ?? "",
  logLevel: LogLevel.ERROR,
});
export const app = new App({
  receiver,
  logLevel: LogLevel.ERROR,
  authorize: async ({ teamId }) => ({
    ...(teamId && { teamId }),
    botToken: "xoxb-1",
    botId: "B1",
    botUserId: "U0APP",
  }),
});

export async function startBareApp(): Promise<void> {
  sayPort(await receiver.start(0));
}

import { App, HTTPReceiver, LogLevel } from "@slack/bolt";

/** The baseline of every ack: a Bolt 5 app that acks a command with words, and does nothing else. */
const receiver = new HTTPReceiver({
  signingSecret: process.env["SLACK_SIGNING_SECRET"] ?? "",
  logLevel: LogLevel.ERROR,
});
const app = new App({
  receiver,
  logLevel: LogLevel.ERROR,
  authorize: async ({ teamId }) => ({
    ...(teamId && { teamId }),
    botToken: "xoxb-1",
    botId: "B1",
    botUserId: "U0APP",
  }),
});
app.command("/support-access", async ({ ack }) => {
  await ack({ response_type: "ephemeral", text: "Usage: `/support-access`, `grant 30d`, `off`" });
});
await receiver.start(Number(process.env["PORT"]));
process.stdout.write(`${JSON.stringify({ port: Number(process.env["PORT"]) })}\n`);

import { app, startBareApp } from "./bare-app.ts";

/** The baseline of every ack: a Bolt 5 app that acks a command with words and a message without, and does nothing else. */
app.command("/support-access", async ({ ack }) => {
  await ack({ response_type: "ephemeral", text: "Usage: `/support-access`, `grant 30d`, `off`" });
});
app.message(async () => {});
await startBareApp();

import { App, HTTPReceiver, LogLevel } from "@slack/bolt";
import { WebClient } from "@slack/web-api";
import { Webhook } from "standardwebhooks";

/** The floor of submission → card: acks, then makes the same two HTTP calls, and remembers nothing. */
const { SLACK_SIGNING_SECRET, SLACK_API_URL, DESK_URL, DESK_SECRET, PORT } = process.env;
const receiver = new HTTPReceiver({
  signingSecret: SLACK_SIGNING_SECRET ?? "",
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
const slack = new WebClient("xoxb-1", { slackApiUrl: SLACK_API_URL ?? "" });
const webhook = new Webhook(DESK_SECRET ?? "");

app.view("ticket.new", async ({ ack, view }) => {
  await ack();
  const subject = view.state.values["subject"]?.["subject"]?.value ?? "";
  await fileAtDesk(view.id, subject);
  await slack.chat.postMessage({
    channel: view.private_metadata,
    text: subject,
    blocks: [{ type: "section", text: { type: "mrkdwn", text: subject } }],
  });
});

async function fileAtDesk(id: string, subject: string): Promise<void> {
  const body = JSON.stringify({ type: "ticket.created", data: { subject } });
  const at = new Date();
  const response = await fetch(DESK_URL ?? "", {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": webhook.sign(id, at, body),
    },
  });
  await response.json();
}

await receiver.start(Number(PORT));
process.stdout.write(`${JSON.stringify({ port: Number(PORT) })}\n`);

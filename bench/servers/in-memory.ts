import { WebClient } from "@slack/web-api";
import { Webhook } from "standardwebhooks";
import { app, startBareApp } from "./bare-app.ts";

/** The floor of submission → card: acks, then makes the same two HTTP calls, and remembers nothing. */
const { SLACK_API_URL, DESK_URL, DESK_SECRET } = process.env;
const slack = new WebClient("xoxb-1", { slackApiUrl: SLACK_API_URL ?? "" });
const webhook = new Webhook(DESK_SECRET ?? "");

app.view("ticket.new", async ({ ack, view }) => {
  await ack();
  const subject = view.state.values.subject?.subject?.value ?? "";
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

await startBareApp();

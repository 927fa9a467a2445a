import { WebClient } from "@slack/web-api";
import { app, startBareApp } from "./bare-app.ts";
import { openDesk } from "./file-at-desk.ts";

/** The floor of submission → card: acks, then makes the same two HTTP calls, and remembers nothing. */
const { SLACK_API_URL, DESK_URL, DESK_SECRET } = process.env;
const slack = new WebClient("xoxb-1", { slackApiUrl: SLACK_API_URL ?? "" });
const fileAtDesk = openDesk({ url: DESK_URL ?? "", secret: DESK_SECRET ?? "" });

app.view("ticket.new", async ({ ack, view }) => {
  await ack();
  const subject = view.state.values.subject?.subject?.value ?? "";
  await fileAtDesk(view.id, { subject });
  await slack.chat.postMessage({
    channel: view.private_metadata,
    text: subject,
    blocks: [{ type: "section", text: { type: "mrkdwn", text: subject } }],
  });
});

await startBareApp();

import type { ModalView } from "@slack/types";
import { WebClient } from "@slack/web-api";
import { app, startBareApp } from "./bare-app.ts";

/** The floor of a form: a Bolt 5 app that opens a modal of eight fields, and draws the same again at a choice. */
const slack = new WebClient("xoxb-1", { slackApiUrl: process.env.SLACK_API_URL ?? "" });

app.command("/ticket", async ({ ack, body }) => {
  const opening = slack.views.open({ trigger_id: body.trigger_id, view: modal(body.text) });
  await Promise.all([opening, ack()]);
});
app.action("ticket.new-changed", async ({ ack, body }) => {
  await ack();
  const { id = "", hash = "" } = "view" in body ? (body.view ?? {}) : {};
  await slack.views.update({ view_id: id, hash, view: modal("") });
});
await startBareApp();

function modal(subject: string): ModalView {
  const plain = (text: string) => ({ type: "plain_text" as const, text });
  return {
    type: "modal",
    callback_id: "ticket.new",
    title: plain("Submit a ticket"),
    submit: plain("Submit"),
    blocks: Array.from({ length: 8 }, (_, n) => ({
      type: "input",
      block_id: `field-${n}`,
      label: plain(`Field ${n}`),
      element: {
        type: "plain_text_input",
        action_id: `field-${n}`,
        ...(subject && n === 0 && { initial_value: subject }),
      },
    })),
  };
}

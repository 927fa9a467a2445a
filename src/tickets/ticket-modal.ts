import type { KnownBlock, ModalView } from "@slack/types";
import { modalTitle, section } from "#slack/blocks.ts";
import { bold, oneLine } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import { ticketNumber } from "./ticket.ts";
import { SUBJECT_SHOWN, ticketValue } from "./views.ts";

/** A form about one ticket, which it names. `value` comes back with it; absent: which ticket it is. */
export function ticketModal(
  t: Texts,
  ticket: Ticket,
  form: {
    callbackId: string;
    title: string;
    submit?: string;
    value?: string;
    /** What stands above the ticket's name. */
    above?: KnownBlock[];
    blocks: KnownBlock[];
  },
): ModalView {
  const { callbackId, title, submit = t.modals.send, value = ticketValue(ticket) } = form;
  const subject = oneLine(ticket.subject, SUBJECT_SHOWN);
  return {
    type: "modal",
    callback_id: callbackId,
    private_metadata: value,
    title: modalTitle(title),
    submit: modalTitle(submit),
    close: modalTitle(t.labels.cancel),
    blocks: [
      ...(form.above ?? []),
      section(bold(t.modals.about(ticketNumber(ticket), subject))),
      ...form.blocks,
    ],
  };
}

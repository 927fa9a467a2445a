import type { ModalView } from "@slack/types";
import { button, modalTitle, section } from "#slack/blocks.ts";
import { bold, inert } from "#slack/mrkdwn.ts";
import { isCutShort, whole } from "#slack/quotation.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import type { StepMade } from "./store-history.ts";
import type { Said } from "./thread-views.ts";
import { ticketNumber } from "./ticket.ts";
import { ticketValue } from "./views.ts";

export const READ_WHOLE = "ticket.read-whole";

/** Under words of which a message shows only the beginning. */
export function wholeButton(
  t: Texts,
  ticket: Ticket,
  { history, comment }: StepMade,
): Said["buttons"] {
  if (!comment?.body || !isCutShort(comment.body)) return undefined;
  const value = `${ticketValue(ticket)}/${history.id}`;
  return { id: `whole.${history.id}`, elements: [button(READ_WHOLE, t.thread.readWhole, value)] };
}

export function wholeModal(t: Texts, ticket: Ticket, { comment }: StepMade): ModalView {
  const words = comment?.body ? whole(comment.body) : [section(t.agents.wasDeleted)];
  return {
    type: "modal",
    title: modalTitle(t.thread.wholeTitle),
    close: modalTitle(t.labels.close),
    blocks: [
      section(bold(`${ticketNumber(ticket)} · ${inert(comment?.author_name ?? "")}`)),
      ...words,
    ],
  };
}

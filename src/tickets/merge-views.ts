import type { ModalView } from "@slack/types";
import { section, textInput } from "#slack/blocks.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import { ticketModal } from "./ticket-modal.ts";

/** The callback of the form. */
export const MERGE = "ticket.merge";
const NUMBER_MAX = 20;

export function mergeModal(t: Texts, ticket: Ticket): ModalView {
  return ticketModal(t, ticket, {
    callbackId: MERGE,
    title: t.merge.title,
    submit: t.merge.submit,
    blocks: [
      section(t.merge.explained),
      textInput("number", t.merge.number, {
        hint: t.merge.numberHint,
        placeholder: t.merge.numberPlaceholder,
        maxLength: NUMBER_MAX,
      }),
    ],
  });
}

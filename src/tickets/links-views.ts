import type { InputBlock, ModalView } from "@slack/types";
import { choiceInput, textInput } from "#slack/blocks.ts";
import { oneLine } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import type { Linked } from "./store-links.ts";
import { ticketNumber } from "./ticket.ts";
import { ticketModal } from "./ticket-modal.ts";

/** The callback of its form. */
export const LINK = "ticket.link";
const SUBJECT = 80;
const NUMBER_MAX = 20;

/** The number of one to link with, and which one to part from, if there are any. */
export function linkModal(t: Texts, ticket: Ticket, linked: readonly Linked[]): ModalView {
  const { title, number, numberHint, numberPlaceholder, unlink, unlinkPlaceholder } = t.links;
  const choices = linked.map((other) => ({
    value: other.id,
    label: oneLine(`${ticketNumber(other)} ${other.subject}`, SUBJECT),
  }));
  const numberInput = textInput("number", number, {
    hint: numberHint,
    placeholder: numberPlaceholder,
    maxLength: NUMBER_MAX,
  });
  const form = { callbackId: LINK, title, submit: t.modals.save };
  if (choices.length === 0) return ticketModal(t, ticket, { ...form, blocks: [numberInput] });
  const unlinkInput = choiceInput("unlink", unlink, choices, {
    style: "select",
    placeholder: unlinkPlaceholder,
  });
  return ticketModal(t, ticket, {
    ...form,
    blocks: [optional(numberInput), optional(unlinkInput)],
  });
}

function optional(input: InputBlock): InputBlock {
  return { ...input, optional: true };
}

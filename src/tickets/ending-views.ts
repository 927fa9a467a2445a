import type { Button, ModalView } from "@slack/types";
import { actions, button, type Message, section, textInput } from "#slack/blocks.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import type { Score } from "./store-ending.ts";
import { TEXT_MAX, WHY_MAX } from "./ticket.ts";
import { ticketModal } from "./ticket-modal.ts";
import { STEP_BUTTON, ticketValue } from "./views.ts";

export const NOT_FIXED = "ticket.not-fixed";
export const RATE = { good: "ticket.rate-good", bad: "ticket.rate-bad" } as const satisfies Record<
  Score,
  string
>;
export const ADD_WORDS = "ticket.rate-words";

/** Under *solved*, for the requester: whether it is. */
export function fixedButtons(t: Texts, ticket: Ticket, historyId: string) {
  const value = ticketValue(ticket);
  return {
    id: `fixed.${historyId}`,
    elements: [
      button(STEP_BUTTON.close, t.ending.yes, value, "primary"),
      button(NOT_FIXED, t.ending.notYet, value),
    ],
  };
}

/** Under *closed*: how the help was, in one press. */
export function rateButtons(
  t: Texts,
  ticket: Ticket,
  historyId: string,
): { id: string; elements: Button[] } {
  const value = ticketValue(ticket);
  const scores = Object.keys(RATE) as Score[]; // its own keys
  const elements = scores.map((score) => button(RATE[score], t.ending[score], value));
  return { id: `rate.${historyId}`, elements };
}

/** What is not fixed yet; it becomes information, which opens the ticket again. */
export function notFixedModal(t: Texts, ticket: Ticket): ModalView {
  return ticketModal(t, ticket, {
    callbackId: STEP_BUTTON.inform,
    title: t.ending.notYetTitle,
    blocks: [textInput("body", t.ending.notYetLabel, { multiline: true, maxLength: TEXT_MAX })],
  });
}

/** To the one who has pressed; a word may be added. */
export function thanksFor(t: Texts, ticket: Ticket, score: Score): Message {
  const sentence = t.ending.thanks(t.ending[score]);
  const add = button(ADD_WORDS, t.ending.addWords, `${ticketValue(ticket)}/${score}`);
  return { text: sentence, blocks: [section(sentence), ...actions("ticket.rated", [add])] };
}

export function wordsModal(t: Texts, ticket: Ticket, score: Score): ModalView {
  return ticketModal(t, ticket, {
    callbackId: ADD_WORDS,
    title: t.ending.wordsTitle,
    value: `${ticketValue(ticket)}/${score}`,
    blocks: [textInput("words", t.ending.wordsLabel, { multiline: true, maxLength: WHY_MAX })],
  });
}

import type { ModalView } from "@slack/types";
import { button, choiceInput, modalTitle, section, textInput } from "#slack/blocks.ts";
import { bold, oneLine } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import { TEXT_MAX, ticketNumber } from "./ticket.ts";
import { STEP_BUTTON, SUBJECT_SHOWN, ticketValue } from "./views.ts";

/** How far a workaround can help, as it is offered. */
export const HELPS = ["yes", "limited"] as const;

/** Under an offered workaround, in the customer's thread: the requester says whether it helps. */
export function offerButtons(t: Texts, ticket: Ticket, offerId: string) {
  const value = `${ticketValue(ticket)}/${offerId}`;
  return {
    id: `offer.${offerId}`,
    elements: [
      button(STEP_BUTTON.accept, t.workaroundOffer.accept, value, "primary"),
      button(STEP_BUTTON.dispute, t.workaroundOffer.dispute, value),
    ],
  };
}

export function offerModal(t: Texts, ticket: Ticket): ModalView {
  return {
    ...frame(t, t.workaroundOffer.title),
    callback_id: STEP_BUTTON.offer,
    private_metadata: ticketValue(ticket),
    blocks: [
      about(t, ticket),
      textInput("body", t.workaroundOffer.label, {
        multiline: true,
        hint: t.workaroundOffer.hint,
        maxLength: TEXT_MAX,
      }),
      choiceInput(
        "helps",
        t.workaroundOffer.helps,
        HELPS.map((value) => ({ value, label: t.workaroundOffer.helping[value] })),
        { style: "radio", hint: t.workaroundOffer.helpsHint },
      ),
    ],
  };
}

export function disputeModal(t: Texts, ticket: Ticket, offerId: string): ModalView {
  return {
    ...frame(t, t.workaroundOffer.disputeTitle),
    callback_id: STEP_BUTTON.dispute,
    private_metadata: `${ticketValue(ticket)}/${offerId}`,
    blocks: [
      about(t, ticket),
      textInput("body", t.workaroundOffer.disputeLabel, { multiline: true, maxLength: TEXT_MAX }),
    ],
  };
}

function frame(t: Texts, title: string) {
  return {
    type: "modal",
    title: modalTitle(title),
    submit: modalTitle(t.modals.send),
    close: modalTitle(t.labels.cancel),
  } as const;
}

function about(t: Texts, ticket: Ticket) {
  const subject = oneLine(ticket.subject, SUBJECT_SHOWN);
  return section(bold(t.modals.about(ticketNumber(ticket), subject)));
}

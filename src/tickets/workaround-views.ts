import type { ModalView } from "@slack/types";
import { button, textInput } from "#slack/blocks.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import { TEXT_MAX } from "./ticket.ts";
import { ticketModal } from "./ticket-modal.ts";
import { STEP_BUTTON, ticketValue } from "./views.ts";

/** Under an offered workaround, in the customer's thread: the requester says whether it helps. */
export function offerButtons(t: Texts, ticket: Ticket, offerId: string) {
  const value = offerValue(ticket, offerId);
  return {
    id: `offer.${offerId}`,
    elements: [
      button(STEP_BUTTON.accept, t.workaroundOffer.accept, value, "primary"),
      button(STEP_BUTTON.dispute, t.workaroundOffer.dispute, value),
    ],
  };
}

export function disputeModal(t: Texts, ticket: Ticket, offerId: string): ModalView {
  return ticketModal(t, ticket, {
    callbackId: STEP_BUTTON.dispute,
    title: t.workaroundOffer.disputeTitle,
    value: offerValue(ticket, offerId),
    blocks: [
      textInput("body", t.workaroundOffer.disputeLabel, { multiline: true, maxLength: TEXT_MAX }),
    ],
  });
}

function offerValue(ticket: Ticket, offerId: string): string {
  return `${ticketValue(ticket)}/${offerId}`;
}

import type { ModalView } from "@slack/types";
import { button, choiceInput, textInput } from "#slack/blocks.ts";
import type { Texts } from "#text/texts.ts";
import { confirmation, type Repeating } from "./note-views.ts";
import type { Ticket } from "./store.ts";
import { TEXT_MAX } from "./ticket.ts";
import { ticketModal } from "./ticket-modal.ts";
import { STEP_BUTTON, ticketValue } from "./views.ts";

/** How far a workaround can help, as it is offered. */
export const HELPS = ["yes", "limited"] as const;
type Helps = (typeof HELPS)[number];

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

export function offerModal(
  t: Texts,
  ticket: Ticket,
  repeating?: Repeating & { helps: Helps },
): ModalView {
  const { initial, ...asked } = confirmation(t, ticket, repeating);
  return ticketModal(t, ticket, {
    callbackId: STEP_BUTTON.offer,
    title: t.workaroundOffer.title,
    ...asked,
    blocks: [
      textInput("body", t.workaroundOffer.label, {
        multiline: true,
        hint: t.workaroundOffer.hint,
        maxLength: TEXT_MAX,
        ...initial,
      }),
      choiceInput(
        "helps",
        t.workaroundOffer.helps,
        HELPS.map((value) => ({ value, label: t.workaroundOffer.helping[value] })),
        {
          style: "radio",
          hint: t.workaroundOffer.helpsHint,
          ...(repeating && { initial: repeating.helps }),
        },
      ),
    ],
  });
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

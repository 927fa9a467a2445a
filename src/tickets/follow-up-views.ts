import type { ModalView } from "@slack/types";
import { modalTitle, section, textInput } from "#slack/blocks.ts";
import { inert } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { isInSlack, type Ticket } from "./store.ts";
import { SUBJECT_MAX, TEXT_MAX, ticketNumber } from "./ticket.ts";
import { ticketModal } from "./ticket-modal.ts";

/** The callback of its form. */
export const FOLLOW_UP = "ticket.follow-up";

export function followUpModal(t: Texts, ticket: Ticket): ModalView {
  const name = inert(ticket.requester_name);
  return ticketModal(t, ticket, {
    callbackId: FOLLOW_UP,
    title: t.followUp.title,
    submit: t.followUp.submit,
    blocks: [
      section(t.followUp.about(name, placeOf(t, ticket))),
      textInput("subject", t.labels.subject, {
        initial: ticket.subject,
        maxLength: SUBJECT_MAX,
      }),
      textInput("description", t.labels.description, {
        multiline: true,
        hint: t.followUp.hint,
        maxLength: TEXT_MAX,
      }),
    ],
  });
}

/** What it turns into once the ticket is saved. */
export function followUpOpenedModal(t: Texts, ticket: Ticket, number: string): ModalView {
  return {
    type: "modal",
    title: modalTitle(t.followUp.title),
    close: modalTitle(t.labels.close),
    blocks: [section(t.followUp.opened(number, ticketNumber(ticket)))],
  };
}

/** Where the customer reads of it. */
function placeOf(t: Texts, ticket: Ticket): string {
  const { byMail, inThread, anew } = t.followUp.places;
  if (!isInSlack(ticket)) return byMail;
  return ticket.status === "closed" ? inThread : anew;
}

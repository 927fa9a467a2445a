import type { ModalView } from "@slack/types";
import type { Topic } from "#accounts/ask.ts";
import { choiceInput } from "#slack/blocks.ts";
import type { Texts } from "#text/texts.ts";
import { topicChoices } from "./self-service-views.ts";
import type { Ticket } from "./store.ts";
import { ticketModal } from "./ticket-modal.ts";

/** The callback of its form. */
export const TOPIC = "ticket.topic";

/** The current one is chosen, if it still is one of them. */
export function topicModal(t: Texts, ticket: Ticket, topics: readonly Topic[]): ModalView {
  return ticketModal(t, ticket, {
    callbackId: TOPIC,
    title: t.triage.topicTitle,
    submit: t.modals.save,
    blocks: [
      choiceInput("topic", t.labels.topic, topicChoices(t, { topics }), {
        style: "select",
        placeholder: t.labels.choose,
        hint: t.triage.topicHint,
        ...(ticket.topic && { initial: ticket.topic }),
      }),
    ],
  });
}

import type { ModalView } from "@slack/types";
import type { Policy } from "#accounts/ask.ts";
import { section } from "#slack/blocks.ts";
import type { Values } from "#slack/payloads.ts";
import type { Texts } from "#text/texts.ts";
import { contractInputs } from "./contract-form.ts";
import { shownFacts } from "./facts.ts";
import type { Ticket } from "./store.ts";
import { ticketModal } from "./ticket-modal.ts";
import { CORRECT_FACTS } from "./views.ts";

export const FACTS_CHANGED = "ticket.facts-changed";

export type FactsForm = {
  policy: Policy;
  by: "requester" | "agent";
  /** As they stand in the form; what is absent there stands as in the ticket. */
  values?: Values;
  faults?: Record<string, string>;
};

/** The facts of a ticket as they are now, and the priority that is asked for with them. */
export function factsModal(t: Texts, ticket: Ticket, form: FactsForm): ModalView {
  const { policy, by, faults = {} } = form;
  return ticketModal(t, ticket, {
    callbackId: CORRECT_FACTS,
    title: t.modals.facts,
    submit: t.modals.save,
    above: Object.values(faults).map((fault) => section(`:warning: ${fault}`)),
    blocks: contractInputs(t, {
      policy,
      values: { ...valuesOf(ticket), ...form.values },
      onChoice: FACTS_CHANGED,
      withoutContact: by === "agent",
    }),
  });
}

function valuesOf(ticket: Ticket): Values {
  const { contact_user_id: contact } = ticket;
  return { ...shownFacts(ticket), ...(contact && { contact }) };
}

import type { ModalView } from "@slack/types";
import type { Policy } from "#accounts/ask.ts";
import { modalTitle, section } from "#slack/blocks.ts";
import { bold, oneLine } from "#slack/mrkdwn.ts";
import type { Values } from "#slack/payloads.ts";
import type { Texts } from "#text/texts.ts";
import { contractInputs } from "./contract-form.ts";
import { highestPriority, isSupported } from "./priority.ts";
import type { Ticket } from "./store.ts";
import { ticketNumber } from "./ticket.ts";
import { CORRECT_FACTS, SUBJECT_SHOWN, ticketValue } from "./views.ts";

export const FACTS_CHANGED = "ticket.facts-changed";

export type FactsForm = {
  policy: Policy;
  by: "requester" | "agent";
  /** As they stand in the form; absent: as they stand in the ticket. */
  values?: Values;
  faults?: Record<string, string>;
};

/** The facts of a ticket as they are now, and the priority that is asked for with them. */
export function factsModal(t: Texts, ticket: Ticket, form: FactsForm): ModalView {
  const { policy, by, values = valuesOf(ticket), faults = {} } = form;
  const subject = oneLine(ticket.subject, SUBJECT_SHOWN);
  return {
    type: "modal",
    callback_id: CORRECT_FACTS,
    private_metadata: ticketValue(ticket),
    title: modalTitle(t.modals.facts),
    submit: modalTitle(t.modals.save),
    close: modalTitle(t.labels.cancel),
    blocks: [
      ...Object.values(faults).map((fault) => section(`:warning: ${fault}`)),
      section(bold(t.modals.about(ticketNumber(ticket), subject))),
      ...contractInputs(t, {
        policy,
        values,
        onChoice: FACTS_CHANGED,
        withoutContact: by === "agent",
      }),
    ],
  };
}

function valuesOf(ticket: Ticket): Values {
  const { what, who, workaround, why, contact_user_id } = ticket;
  const asked = ticket.asked_priority ?? ticket.priority;
  const most = highestPriority(ticket);
  const priority = isSupported(asked, ticket) ? asked : most; // a form that cannot be sent as it opens is none
  return {
    ...{ what, who, workaround, priority },
    ...(why && { why }),
    ...(contact_user_id && { contact: contact_user_id }),
  };
}

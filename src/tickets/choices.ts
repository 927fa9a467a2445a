import type { Tx } from "#db/connect.ts";
import { redrawButtons, refOf } from "./outbox.ts";
import { isInSlack, type Ticket } from "./store.ts";
import { findUnanswered } from "./store-choices.ts";

/**
 * After a change of the ticket's status: what the requester may no longer answer loses its buttons, what they may again
 * gets them back. `but`: the step that is still to be told.
 */
export async function redrawChoices(tx: Tx, ticket: Ticket, but?: string): Promise<void> {
  if (!isInSlack(ticket)) return;
  const asked = await findUnanswered(tx, refOf(ticket));
  await redrawButtons(
    tx,
    ticket,
    asked.filter((id) => id !== but),
  );
}

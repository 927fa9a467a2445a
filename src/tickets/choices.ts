import type { Tx } from "#db/connect.ts";
import { redrawButtons, refOf } from "./outbox.ts";
import { isInSlack, type Ticket } from "./store.ts";
import { findUnanswered } from "./store-choices.ts";

/** After a change of the ticket's status: what the requester may no longer answer loses its buttons. */
export async function redrawChoices(tx: Tx, ticket: Ticket): Promise<void> {
  if (!isInSlack(ticket)) return;
  await redrawButtons(tx, ticket, await findUnanswered(tx, refOf(ticket)));
}

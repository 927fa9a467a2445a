import type { Policy } from "#accounts/ask.ts";
import type { Tx } from "#db/connect.ts";
import { type Happened, takeTurn } from "./contact.ts";
import { countsOnContact, hasContact } from "./contact-turns.ts";
import { redrawCards, refOf, tellBoth, tellDesk } from "./outbox.ts";
import { askedPriority, needsOf, priorityNow } from "./priority.ts";
import {
  lockTicket,
  type NamedContact,
  savePriority,
  type Ticket,
  type TicketRef,
} from "./store.ts";
import { DESKLINE, insertEvent } from "./store-history.ts";

/** Why a priority is computed again (DESIGN section 3, re-evaluation). */
export type Reason =
  | "facts"
  | "asked"
  | "workaround"
  | "contact-absent"
  | "contact-back"
  | "policy";

/** Something happened to the contact of a ticket that is locked: its turn, and what that means for the priority. */
export async function contactHappened(
  tx: Tx,
  policy: Policy,
  ticket: Ticket,
  happened: Happened,
): Promise<void> {
  const outcome = await takeTurn(tx, policy, ticket, happened);
  if (outcome) await review(tx, policy, refOf(ticket), outcome);
}

/** The priority from the facts and the contact as they are now: written, told with the reason, and kept in the history. */
export async function review(
  tx: Tx,
  policy: Policy,
  ref: TicketRef,
  reason: Reason,
  /** Who was named just now, should one be needed again. */
  named?: NamedContact,
) {
  const before = await lockTicket(tx, ref);
  await keepContactInStep(tx, policy, before, named);
  if (hasEnded(before)) return;
  const ticket = await lockTicket(tx, ref);
  const asked = askedPriority(ticket);
  const contract = { asked, facts: ticket, hasContact: countsOnContact(ticket) };
  const priority = priorityNow(contract, policy.priority);
  if (priority === ticket.priority) return;

  await savePriority(tx, ref, { priority, asked });
  const isDeclined = reason === "contact-absent" && ticket.contact_declined;
  const moved = { from: ticket.priority, to: priority };
  const historyId = await insertEvent(tx, ticket, {
    event: "priority",
    by: DESKLINE,
    detail: { priority: moved, reason, ...(isDeclined && { isDeclined }) },
  });
  await redrawCards(tx, ticket);
  await tellBoth(tx, ticket, historyId);
  await tellDesk(tx, ticket, historyId);
}

/** Asks for a contact where the priority could be what it asks for only with one, and leaves them alone where not. */
async function keepContactInStep(
  tx: Tx,
  policy: Policy,
  ticket: Ticket,
  first: NamedContact | undefined,
): Promise<void> {
  const asked = askedPriority(ticket);
  const best = priorityNow({ asked, facts: ticket, hasContact: true }, policy.priority);
  const wants = !hasEnded(ticket) && needsOf(best, policy.priority).contact;
  if (!wants) await takeTurn(tx, policy, ticket, { event: "needless" });
  else if (ticket.contact_state === "off" && hasContact(ticket))
    await takeTurn(tx, policy, ticket, { event: "needed", first });
}

function hasEnded({ status }: Ticket): boolean {
  return status === "solved" || status === "closed";
}

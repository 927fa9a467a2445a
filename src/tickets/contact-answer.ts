import { z } from "zod";
import type { Policy } from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, type Source, takeDelivery } from "#db/inbox.ts";
import { Problem } from "#errors.ts";
import type { Happened } from "./contact.ts";
import { isContact } from "./contact-turns.ts";
import { contactHappened } from "./review.ts";
import { lockTicket, type Ticket, type TicketRef } from "./store.ts";
import type { Ask } from "./store-contact.ts";
import { ticketNumber } from "./ticket.ts";

export type ContactSays = "here" | "unavailable";
type Delivery = { source: Source; key: string };
type Needs = { db: Db; policy: Policy };

const Done = z.object({});

/** What somebody says who was asked, by a press in Slack or on their page. Who it is was asked before. */
export async function answerAsContact(
  needs: Needs,
  { ask, says, delivery }: { ask: Ask; says: ContactSays; delivery: Delivery },
): Promise<void> {
  const ref = { accountId: ask.account_id, ticketId: ask.ticket_id };
  await onceToContact(needs, ref, delivery, async (_tx, ticket) => {
    if (ticket.contact_state === "off")
      throw new Problem("contact-not-needed", { number: ticketNumber(ticket) });
    return concerns(ticket, ask, says) ? { event: says, ask } : undefined;
  });
}

/** "Not available" of somebody who was only asked earlier does not concern whoever is asked or there now. */
function concerns(ticket: Ticket, ask: Ask, says: ContactSays): boolean {
  if (says === "here") return true;
  if (ticket.contact_state === "asking") return ask.round === ticket.contact_round && !ask.answer;
  return isContact(ticket, ask);
}

/** What happens to the contact of a ticket by a delivery: once, with the ticket locked. */
export async function onceToContact(
  { db, policy }: Needs,
  ref: TicketRef,
  { source, key }: Delivery,
  what: (tx: Tx, ticket: Ticket) => Promise<Happened | undefined>,
): Promise<void> {
  await onceDelivered(db, { source, key, answer: Done }, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, ref);
      await takeDelivery(tx, source, key);
      const happened = await what(tx, ticket);
      if (happened) await contactHappened(tx, policy, ticket, happened);
      return {};
    }),
  );
}

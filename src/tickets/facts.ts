import { z } from "zod";
import type { Policy } from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, type Source, takeDelivery } from "#db/inbox.ts";
import { redrawCards, tellAgents, tellCustomer, tellDesk } from "./outbox.ts";
import { askedPriority, highestPriority, isSupported } from "./priority.ts";
import { contactHappened, review } from "./review.ts";
import {
  isDoneOnPage,
  lockTicket,
  type NamedContact,
  saveFacts,
  type Ticket,
  type TicketRef,
} from "./store.ts";
import { contactIn } from "./store-contact.ts";
import { type Actor, insertEvent } from "./store-history.ts";
import { type ContractDraft, nextStatus } from "./ticket.ts";

type Correction = {
  draft: Omit<ContractDraft, "contact">;
  /** Whom the requester names from now on, if that is somebody else than before. */
  contact: NamedContact | undefined;
  by: Actor;
  policy: Policy;
  delivery: { source: Source; key: string };
};

const Done = z.object({});

/** What the form opens with: the facts of the ticket, and the priority that was asked for as far as they support it. */
export function shownFacts(ticket: Ticket): Record<string, string> {
  const { what, who, workaround, why } = ticket;
  const asked = askedPriority(ticket);
  const priority = isSupported(asked, ticket) ? asked : highestPriority(ticket); // a form that cannot be sent as it opens is none
  return { what, who, workaround, priority, ...(why && { why }) };
}

/** The facts as they are now, written, told, and followed by the priority, upward as well as downward. */
export async function correctFacts(db: Db, ref: TicketRef, correction: Correction): Promise<void> {
  const { source, key } = correction.delivery;
  await onceDelivered(db, { source, key, answer: Done }, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, ref);
      nextStatus("take", ticket);
      await takeDelivery(tx, source, key);
      await write(tx, ref, ticket, correction);
      const reason = isSame(ticket, correction) ? "asked" : "facts";
      const named =
        correction.by.kind === "requester" ? (correction.contact ?? contactIn(ticket)) : undefined;
      await review(tx, correction.policy, ref, reason, named);
      return {};
    }),
  );
}

async function write(tx: Tx, ref: TicketRef, ticket: Ticket, correction: Correction) {
  const { draft, contact, by, policy } = correction;
  const { what, who, workaround, priority, why } = draft;
  const asked = { asked_priority: priority, ...(why && { why }) };
  await saveFacts(tx, ref, { what, who, workaround, ...asked, contact });
  if (!isSame(ticket, correction)) {
    const detail = { what, who, workaround, before: facts(ticket) };
    const historyId = await insertEvent(tx, ticket, { event: "facts", by, detail });
    if (!isDoneOnPage(ticket, by)) await tellCustomer(tx, ticket, historyId);
    await tellAgents(tx, ticket, historyId);
    await tellDesk(tx, ticket, historyId);
  }
  await redrawCards(tx, ticket);
  // A new contact is asked from the beginning; whether one is needed at all, the review says.
  if (contact && ticket.contact_state !== "off")
    await contactHappened(tx, policy, await lockTicket(tx, ref), {
      event: "needed",
      first: contact,
    });
}

function isSame(ticket: Ticket, { draft }: Correction): boolean {
  return facts(ticket) === facts(draft);
}

function facts({ what, who, workaround }: Pick<Ticket, "what" | "who" | "workaround">): string {
  return [what, who, workaround].join(" ");
}

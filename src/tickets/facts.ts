import { z } from "zod";
import type { Policy } from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, type Source, takeDelivery } from "#db/inbox.ts";
import { redrawCards, tellBoth, tellDesk } from "./outbox.ts";
import { contactHappened, review } from "./review.ts";
import { lockTicket, type NamedPerson, saveFacts, type Ticket, type TicketRef } from "./store.ts";
import { type Actor, insertEvent } from "./store-history.ts";
import { type ContractDraft, nextStatus } from "./ticket.ts";

type Correction = {
  draft: ContractDraft;
  /** Whom the requester names from now on, if that is somebody else than before. */
  contact: NamedPerson | undefined;
  by: Actor;
  policy: Policy;
  delivery: { source: Source; key: string };
};

const Done = z.object({});

/** The facts as they are now, written, told, and followed by the priority, upward as well as downward. */
export async function correctFacts(db: Db, ref: TicketRef, correction: Correction): Promise<void> {
  const { source, key } = correction.delivery;
  await onceDelivered(db, { source, key, answer: Done }, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, ref);
      nextStatus("take", ticket);
      await takeDelivery(tx, source, key);
      await write(tx, ref, ticket, correction);
      await review(tx, correction.policy, ref, isSame(ticket, correction) ? "asked" : "facts");
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
    await tellBoth(tx, ticket, historyId);
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

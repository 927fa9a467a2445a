import type { Db, Tx } from "#db/connect.ts";
import { methodLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { redrawCards } from "./outbox.ts";
import { type TicketRef, withTicket } from "./store.ts";
import {
  insertOpeningReceipt,
  insertReceipt,
  type Received,
  saveSeen,
  saveTold,
} from "./store-receipts.ts";

/** The customer sees at their own message that it has arrived. */
export async function giveReceipt(tx: Tx, ref: TicketRef, commentId: string): Promise<void> {
  await mark(tx, ref, await insertReceipt(tx, ref, commentId));
}

/**
 * The same for the message that opened a follow-up, once the ticket is at the desk and its files are settled. The ticket
 * is locked, for both may become true at once.
 */
export async function giveFollowUpReceipt(tx: Tx, ref: TicketRef): Promise<void> {
  await mark(tx, ref, await insertOpeningReceipt(tx, ref));
}

async function mark(tx: Tx, ref: TicketRef, received: Received | undefined): Promise<void> {
  if (!received) return;
  const { id, ...message } = received;
  const lane = methodLane(message.teamId, "reactions.add");
  const key = `ticket.mark-message:${id}`;
  await enqueue(tx, "ticket.mark-message", { ...ref, ...message }, { key, lane });
}

/** The ticket is locked first, as by everybody: an edit of the same message may be under way. */
export async function noteTold(db: Db, ref: TicketRef, commentId: string): Promise<void> {
  await withTicket(db, ref, async (tx) => {
    await saveTold(tx, ref, commentId);
    await giveReceipt(tx, ref, commentId);
  });
}

/** What an agent does beside the steps shows that they have read. */
export async function noteSeen(db: Db, ref: TicketRef): Promise<void> {
  await withTicket(db, ref, async (tx, now) => {
    if (await saveSeen(tx, ref)) await redrawCards(tx, now);
  });
}

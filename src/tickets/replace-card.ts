import type { Db } from "#db/connect.ts";
import { isUnreachable, type SlackRefused } from "#slack/failures.ts";
import { postCard, refOf } from "./outbox.ts";
import { forgetCard, lockTicket, type Ticket } from "./store.ts";

/**
 * Somebody deleted the card, or its channel can no longer be written to: the ticket gets a new card,
 * in the same channel or, where that is closed, in the requester's DM.
 */
export async function replaceCard(db: Db, ticket: Ticket, why: SlackRefused): Promise<void> {
  const { card_channel_id: channelId, card_ts: ts } = ticket;
  if (!channelId || !ts) return;
  await db.transaction().execute(async (tx) => {
    const now = await lockTicket(tx, refOf(ticket));
    if (!(await forgetCard(tx, refOf(ticket), ts))) return; // another job was first
    const to = isUnreachable(why) || channelId !== ticket.asked_channel_id ? "dm" : "channel";
    await postCard(tx, now, { to, replaces: ts });
  });
}

import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Status } from "#db/tables.ts";
import { NOW, type Ticket, type TicketRef, updateTicket } from "./store.ts";

export async function isMergedInto(db: Db, { accountId, ticketId }: TicketRef): Promise<boolean> {
  const row = await db
    .selectFrom("ticket")
    .select("id")
    .where("account_id", "=", accountId)
    .where("merged_into_id", "=", ticketId)
    .executeTakeFirst();
  return row !== undefined;
}

/** The other ticket was closed, and what was said in this one's thread is a new ticket, whose thread that is now. */
export async function hasLostThread(tx: Tx, ticket: Ticket): Promise<boolean> {
  const { id, account_id, asked_team_id, card_channel_id, card_ts, card_thread_ts } = ticket;
  const row = await tx
    .selectFrom("ticket_thread")
    .select("ticket_id")
    .where("account_id", "=", account_id)
    .where("team_id", "=", asked_team_id)
    .where("channel_id", "=", card_channel_id)
    .where("ts", "=", card_thread_ts ?? card_ts)
    .executeTakeFirst();
  return row !== undefined && row.ticket_id !== id;
}

/** Both are locked. Nobody waits for an answer to the merged one. */
export async function saveMerged(tx: Tx, ref: TicketRef, into: Ticket): Promise<void> {
  await updateTicket(tx, ref)
    .set({
      merged_into_id: into.id,
      merged_into_number: into.number,
      merged_at: NOW,
      unmerged_status: sql`status`,
      unmerged_waits_since: sql`waits_since`,
      status: "closed",
      waits_since: null,
      updated_at: NOW,
    })
    .execute();
  await saveChanged(tx, { accountId: into.account_id, ticketId: into.id });
}

/** Its status of before, which it has again. Undefined: the day in which that can be is over. */
export async function saveUnmerged(
  tx: Tx,
  ref: TicketRef,
  from: Ticket,
): Promise<Status | undefined> {
  const row = await updateTicket(tx, ref)
    .set({
      status: sql`unmerged_status`,
      waits_since: sql`unmerged_waits_since`,
      merged_into_id: null,
      merged_into_number: null,
      merged_at: null,
      unmerged_status: null,
      unmerged_waits_since: null,
      updated_at: NOW,
    })
    .where("merged_at", ">", sql<Date>`${NOW} - interval '24 hours'`)
    .returning("status")
    .executeTakeFirst();
  if (row) await saveChanged(tx, { accountId: from.account_id, ticketId: from.id });
  return row?.status;
}

async function saveChanged(tx: Tx, ref: TicketRef): Promise<void> {
  await updateTicket(tx, ref).set({ updated_at: NOW }).execute();
}

/** The step that solved it last. */
export async function findLastSolving(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom("ticket_history")
    .select("id")
    .where("account_id", "=", accountId)
    .where("ticket_id", "=", ticketId)
    .where("event", "=", "solve")
    .orderBy("at", "desc")
    .executeTakeFirst();
  return row?.id;
}

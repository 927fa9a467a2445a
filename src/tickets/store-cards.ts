import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import {
  mustBeInSlack,
  type SlackTicket,
  type Ticket,
  type TicketRef,
  updateTicket,
} from "./store.ts";

export async function saveCard(
  tx: Tx,
  ref: TicketRef,
  card: { channelId: string; ts: string; threadTs?: string | undefined },
): Promise<SlackTicket> {
  const { channelId, ts, threadTs = null } = card;
  const saved = await updateTicket(tx, ref)
    .set({ card_channel_id: channelId, card_ts: ts, card_thread_ts: threadTs, card_url: null })
    .returningAll()
    .executeTakeFirstOrThrow();
  const ticket = mustBeInSlack(saved);
  await tx
    .insertInto("ticket_thread")
    .values({
      team_id: ticket.asked_team_id,
      channel_id: channelId,
      ts: threadTs ?? ts,
      account_id: ref.accountId,
      ticket_id: ref.ticketId,
    })
    .onConflict((oc) => oc.doNothing())
    .execute();
  return ticket;
}

export async function saveCardUrl(tx: Tx, ref: TicketRef, url: string): Promise<Ticket> {
  return updateTicket(tx, ref).set({ card_url: url }).returningAll().executeTakeFirstOrThrow();
}

export async function saveMessageUrl(tx: Tx, ref: TicketRef, url: string): Promise<void> {
  await updateTicket(tx, ref).set({ message_url: url }).execute();
}

/** What people write there is the ticket's from now on. One that is another ticket's stays that one's, and this ticket gets its own. */
export async function claimThread(
  tx: Tx,
  ref: TicketRef,
  thread: { teamId: string; channelId: string; threadTs: string },
): Promise<void> {
  await sql`
    with claimed as (
      insert into ticket_thread (team_id, channel_id, ts, account_id, ticket_id)
      values (${thread.teamId}, ${thread.channelId}, ${thread.threadTs}, ${ref.accountId}, ${ref.ticketId})
      on conflict do nothing returning ts
    )
    update ticket set asked_thread_ts = claimed.ts from claimed
    where account_id = ${ref.accountId} and id = ${ref.ticketId}`.execute(tx);
}

/** To the ticket that follows the one whose thread it was; its card goes there, too. */
export async function moveThread(tx: Tx, ref: TicketRef, thread: ThreadPlace): Promise<void> {
  await tx
    .updateTable("ticket_thread")
    .set({ account_id: ref.accountId, ticket_id: ref.ticketId })
    .where("team_id", "=", thread.teamId)
    .where("channel_id", "=", thread.channelId)
    .where("ts", "=", thread.threadTs)
    .execute();
  await updateTicket(tx, ref).set({ asked_thread_ts: thread.threadTs }).execute();
}

/** The first ticket that goes on with this one. */
export async function findFollowUp(
  db: Db,
  { accountId, ticketId }: TicketRef,
): Promise<Pick<Ticket, "id" | "number" | "card_url"> | undefined> {
  return db
    .selectFrom("ticket")
    .select(["id", "number", "card_url"])
    .where("account_id", "=", accountId)
    .where("follows_id", "=", ticketId)
    .orderBy("number")
    .executeTakeFirst();
}

/** The card is gone from Slack; true when it was this one that we knew. */
export async function forgetCard(tx: Tx, ref: TicketRef, ts: string): Promise<boolean> {
  const { numUpdatedRows } = await updateTicket(tx, ref)
    .set({ card_channel_id: null, card_ts: null, card_thread_ts: null, card_url: null })
    .where("card_ts", "=", ts)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** With its thread, in which agents write notes. */
export async function saveTriageCard(
  tx: Tx,
  ref: TicketRef,
  card: { teamId: string; channelId: string; ts: string },
): Promise<Ticket> {
  const thread = { team_id: card.teamId, channel_id: card.channelId, ts: card.ts };
  return tx
    .with("thread", (db) =>
      db
        .insertInto("triage_thread")
        .values({ ...thread, account_id: ref.accountId, ticket_id: ref.ticketId })
        .onConflict((oc) => oc.doNothing()),
    )
    .updateTable("ticket")
    .set({ triage_team_id: card.teamId, triage_channel_id: card.channelId, triage_ts: card.ts })
    .where("account_id", "=", ref.accountId)
    .where("id", "=", ref.ticketId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function forgetTriageCard(tx: Tx, ref: TicketRef, ts: string): Promise<boolean> {
  const { numUpdatedRows } = await updateTicket(tx, ref)
    .set({ triage_channel_id: null, triage_ts: null })
    .where("triage_ts", "=", ts)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Whose thread this is, also when the card has left it: people go on writing there. */
export async function findTicketOfThread(db: Db, thread: ThreadPlace) {
  return findTicketIn(db, "ticket_thread", thread);
}

/** As much of a ticket as what is said in its thread needs. */
export type ThreadTicket = Pick<
  Ticket,
  | "id"
  | "account_id"
  | "status"
  | "merged_into_id"
  | "requester_user_id"
  | "requester_name"
  | "created_at"
>;

/** Of its card as it stands, or of an older one; the ticket whose own thread it is, also when that was merged. */
export async function findThreadTicket(
  db: Db,
  { teamId, channelId, threadTs }: ThreadPlace,
): Promise<ThreadTicket | undefined> {
  const { rows } = await sql<ThreadTicket>`
    select ticket.id, ticket.account_id, status, merged_into_id, requester_user_id, requester_name, created_at
    from ticket_thread thread
      join ticket on ticket.account_id = thread.account_id and ticket.id = thread.ticket_id
    where thread.team_id = ${teamId} and thread.channel_id = ${channelId} and thread.ts = ${threadTs}`.execute(
    db,
  );
  return rows[0];
}

/** Of its triage card as it stands, or of one that is gone. */
export async function findTicketOfTriageThread(db: Db, thread: ThreadPlace) {
  return findTicketIn(db, "triage_thread", thread);
}

export type ThreadPlace = { teamId: string; channelId: string; threadTs: string };

async function findTicketIn(
  db: Db,
  threads: "ticket_thread" | "triage_thread",
  { teamId, channelId, threadTs }: ThreadPlace,
): Promise<TicketRef | undefined> {
  return db
    .selectFrom(threads)
    .select(["account_id as accountId", "ticket_id as ticketId"])
    .where("team_id", "=", teamId)
    .where("channel_id", "=", channelId)
    .where("ts", "=", threadTs)
    .executeTakeFirst();
}

/**
 * Whether the card is being posted where this job does not post it: an operator may bring back both jobs at once. The
 * one for the channel goes first; it waits only for what the other has begun and not ended. `key`: of the other's post.
 */
export async function isOtherCardUnderWay(
  db: Db,
  ticketId: string,
  { to, key }: { to: "channel" | "dm"; key: string },
): Promise<boolean> {
  const { rows } = await sql`
    select from job
    where payload ->> 'ticketId' = ${ticketId} and name = 'ticket.post-card'
      and payload ->> 'to' <> ${to} and done_at is null and dead_at is null
      and (${to} = 'dm' or claim is not null or exists (
        select from outside_write where outside_write.key = ${key} and reference is null))
    limit 1`.execute(db);
  return rows.length > 0;
}

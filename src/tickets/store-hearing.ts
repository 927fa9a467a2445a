import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Thread } from "#slack/messenger.ts";
import type { TicketRef } from "./store.ts";

/** Since when nobody heard Slack: seconds since 1970, with six places, as Slack counts. */
export type Gap = { since: string };

/** Somebody hears Slack now. Answers since when nobody did, where that is longer than so many seconds. */
export async function noteHearing(tx: Tx, gapS: number): Promise<Gap | undefined> {
  const { rows } = await sql<{ since: string; isLong: boolean }>`
    with before as (select heard_at from hearing for update),
    noted as (
      insert into hearing (heard_at) values (deskline_now())
      on conflict (is_one) do update set heard_at = greatest(hearing.heard_at, excluded.heard_at)
    )
    select to_char(extract(epoch from heard_at), 'FM9999999990.000000') as since,
      heard_at < deskline_now() - make_interval(secs => ${gapS}) as "isLong"
    from before`.execute(tx);
  const [gap] = rows;
  return gap?.isLong ? { since: gap.since } : undefined;
}

type ThreadPlace = Thread & { threadTs: string };

const RECENT = "30 days"; // on older tickets nobody has written for long

/** Where people may have written about a ticket that lives: its threads, those of tickets merged into it, those of triage cards. All accounts. */
export async function findLivingThreads(
  db: Db,
  after: ThreadPlace | undefined,
  limit: number,
): Promise<(TicketRef & ThreadPlace)[]> {
  const { teamId = "", channelId = "", threadTs = "" } = after ?? {};
  const { rows } = await sql<TicketRef & ThreadPlace>`
    select account_id as "accountId", ticket_id as "ticketId", team_id as "teamId",
      channel_id as "channelId", ts as "threadTs"
    from (select * from ticket_thread union all select * from triage_thread) as thread
    where (team_id, channel_id, ts) > (${teamId}, ${channelId}, ${threadTs}) and exists (
      select from ticket
      where ticket.account_id = thread.account_id and ticket.id = coalesce(
          (select merged_into_id from ticket as own
            where own.account_id = thread.account_id and own.id = thread.ticket_id), thread.ticket_id)
        and status <> 'closed' and updated_at > deskline_now() - ${RECENT}::interval)
    order by team_id, channel_id, ts limit ${limit}`.execute(db);
  return rows;
}

/**
 * The messages of one thread that were kept, written before this moment, and not deleted; also those that became another
 * ticket's while this one was merged into it. Where a message's thread was not kept, and the ticket has another one in
 * that channel, it is not known in which of the two it stands: it is left out.
 */
export async function findStandingMessages(
  db: Db,
  { accountId, ticketId, teamId, channelId, threadTs }: TicketRef & ThreadPlace,
  before: string,
): Promise<{ ts: string; userId: string }[]> {
  const inChannel = sql`account_id = ${accountId} and team_id = ${teamId} and channel_id = ${channelId}`;
  const isThere = sql`ticket_id = ${ticketId} and ${inChannel}`;
  const { rows } = await sql<{ ts: string; userId: string }>`
    with threads as (
      select ts from ticket_thread where ${isThere} union all select ts from triage_thread where ${isThere}
    ),
    place as (select not exists (select from threads where ts <> ${threadTs}) as is_only)
    select ts, author_user_id as "userId" from comment, place
    where ${inChannel} and deleted_at is null and ts < ${before} and author_user_id is not null
      and (thread_ts = ${threadTs} or (thread_ts is null and is_only and ticket_id = ${ticketId}))
      and ticket_id in (
        select ${ticketId}::uuid union all
        select (detail ->> 'ticketId')::uuid from ticket_history
        where account_id = ${accountId} and ticket_id = ${ticketId} and event = 'merged')
    union all
    select ts, author_user_id from note, place
    where ${isThere} and deleted_at is null and ts < ${before} and is_only
    order by ts`.execute(db);
  return rows;
}

import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import { PRIORITIES } from "./priority.ts";
import type { Ticket, TicketRef } from "./store.ts";

/** A card of a ticket's own, for the first time, that nobody asked for: such may be said in a digest instead. */
function isOrdinaryCard(jobId: string): RawBuilder<boolean> {
  return sql`job.lane = (select lane from job where id = ${jobId})
    and job.name = 'ticket.post-triage-card' and job.done_at is null and job.dead_at is null
    and job.payload ->> 'replaces' is null and job.payload ->> 'alone' is null
    and (job.claim is null or job.id = ${jobId})`;
}

/** Whether more than so many cards wait in the lane of this job, itself among them. */
export async function doMoreWait(db: Db, jobId: string, than: number): Promise<boolean> {
  const { rows } = await sql`
    select from job where ${isOrdinaryCard(jobId)} limit ${than + 1}`.execute(db);
  return rows.length > than;
}

/**
 * The card under way and the most urgent that wait with it, locked. One whose post was begun stays what it is:
 * it may stand in the channel, and would be listed as well.
 */
export async function chooseForDigest(
  tx: Tx,
  jobId: string,
  limit: number,
): Promise<(TicketRef & { jobId: string })[]> {
  const { rows } = await sql<TicketRef & { jobId: string }>`
    select job.id as "jobId", ticket.account_id as "accountId", ticket.id as "ticketId"
    from job join ticket on ticket.id = (job.payload ->> 'ticketId')::uuid
      and ticket.account_id = job.payload ->> 'accountId'
    where ${isOrdinaryCard(jobId)} and ticket.triage_ts is null
      and (job.id = ${jobId}
        or not exists (select from outside_write where key = 'triage:' || ticket.id || ':'))
    order by job.id <> ${jobId}, array_position(${[...PRIORITIES]}::text[], ticket.priority), job.seq
    limit ${limit} for update of job skip locked`.execute(tx);
  return rows;
}

export async function markListed(tx: Tx, refs: readonly TicketRef[]): Promise<void> {
  await tx
    .updateTable("ticket")
    .set({ triage_listed_at: sql<Date>`deskline_now()` })
    .where(isAmong(refs))
    .execute();
}

export async function findListed(db: Db, refs: readonly TicketRef[]): Promise<Ticket[]> {
  return db.selectFrom("ticket").selectAll().where(isAmong(refs)).orderBy("number").execute();
}

function isAmong(refs: readonly TicketRef[]): RawBuilder<boolean> {
  const pairs = refs.map(({ accountId, ticketId }) => sql`(${accountId}, ${ticketId}::uuid)`);
  return sql<boolean>`(account_id, id) in (${sql.join(pairs)})`;
}

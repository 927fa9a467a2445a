import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { JobName, JobPayload } from "#jobs/catalogue.ts";
import type { TicketRef } from "./store.ts";

type TellingJob = Extract<
  JobName,
  "ticket.tell-customer" | "ticket.tell-failure" | "ticket.tell-agents"
>;
export type Telling<N extends TellingJob = TellingJob> = JobPayload<N>;
/** Which jobs speak in the thread that they read. */
export const SPEAKERS = {
  customer: ["ticket.tell-customer", "ticket.tell-failure"],
  agents: ["ticket.tell-agents"],
} as const satisfies Record<string, readonly TellingJob[]>;
export type Reader = keyof typeof SPEAKERS;
/** Jobs for the thread of one ticket, in the lane of the job under way. */
type Behind = { jobId: string; ticketId: string; names: readonly TellingJob[] };

export async function doesAnyWait(db: Db, behind: Behind): Promise<boolean> {
  const { rows } = await sql`select from job where ${waitsBehind(behind)} limit 1`.execute(db);
  return rows.length > 0;
}

/** In the order in which they came, locked. */
export async function lockWaiting(
  tx: Tx,
  behind: Behind,
  limit: number,
): Promise<{ jobId: string; payload: Telling }[]> {
  const { rows } = await sql<{ jobId: string; payload: Telling }>`
    select id as "jobId", payload from job where ${waitsBehind(behind)}
    order by seq limit ${limit} for update`.execute(tx);
  return rows;
}

/** The steps that one message is to say, by the key of its post. */
export async function saveTogether(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
  key: string,
  said: readonly unknown[],
): Promise<void> {
  await tx
    .insertInto("catch_up")
    .values({ key, account_id: accountId, ticket_id: ticketId, said: JSON.stringify(said) })
    .onConflict((oc) => oc.doNothing())
    .execute();
}

/** The message that says this step to its reader, and all steps that it says. `isAlone`: it says nothing else. */
export type Told = { ts: string; historyIds: string[]; isAlone: boolean };

/** "waiting": it is still to be said. Undefined: it never was, or so long ago that nobody knows where. */
export async function findTold(
  db: Db,
  { accountId, ticketId }: TicketRef,
  { historyId, reader }: { historyId: string; reader: Reader },
): Promise<Told | "waiting" | undefined> {
  const { rows } = await sql<Told>`
    with message as (
      select ${`${reader}:${historyId}`} as key, ${JSON.stringify([{ historyId }])}::jsonb as said
      union all
      select key, said from catch_up
      where account_id = ${accountId} and ticket_id = ${ticketId}
        and said @> ${JSON.stringify([{ historyId }])}::jsonb
        and (key like 'catch-up:agents:%') = ${reader === "agents"}
    )
    select reference ->> 'ts' as ts, jsonb_array_length(said) = 1 as "isAlone",
      (select jsonb_agg(entry -> 'historyId' order by place)
        from jsonb_array_elements(said) with ordinality as each (entry, place)
        where entry -> 'historyId' is not null) as "historyIds"
    from message join outside_write on outside_write.key = message.key
    where reference is not null`.execute(db);
  if (rows[0]) return rows[0];
  const waits = await sql`
    select from job
    where payload ->> 'ticketId' = ${ticketId} and name in (${sql.join(SPEAKERS[reader])})
      and done_at is null and dead_at is null
      and (payload ->> 'historyId' = ${historyId}
        or payload -> 'also' @> ${JSON.stringify([{ historyId }])}::jsonb)
    limit 1`.execute(db);
  return waits.rows.length > 0 ? "waiting" : undefined;
}

function waitsBehind({ jobId, ticketId, names }: Behind): RawBuilder<boolean> {
  return sql`lane = (select lane from job where id = ${jobId}) and id <> ${jobId}
    and payload ->> 'ticketId' = ${ticketId} and name in (${sql.join(names)})
    and done_at is null and dead_at is null and claim is null`;
}

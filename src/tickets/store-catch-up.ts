import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { JobName, JobPayload } from "#jobs/catalogue.ts";

type TellingJob = Extract<
  JobName,
  "ticket.tell-customer" | "ticket.tell-failure" | "ticket.tell-agents"
>;
export type Telling<N extends TellingJob = TellingJob> = JobPayload<N>;
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

function waitsBehind({ jobId, ticketId, names }: Behind): RawBuilder<boolean> {
  return sql`lane = (select lane from job where id = ${jobId}) and id <> ${jobId}
    and payload ->> 'ticketId' = ${ticketId} and name in (${sql.join(names)})
    and done_at is null and dead_at is null and claim is null`;
}

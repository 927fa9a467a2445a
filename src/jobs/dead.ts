import { type RawBuilder, sql } from "kysely";
import type { Db } from "#db/connect.ts";

/** A job as the operator sees it. */
export type JobSeen = {
  id: string;
  name: string;
  payload: Record<string, unknown>;
  lane: string | null;
  attempts: number;
  lastError: string | null;
  createdAt: Date;
  runAt: Date;
  doneAt: Date | null;
  deadAt: Date | null;
};

const SEEN = sql`id, name, payload, lane, attempts, last_error as "lastError",
  created_at as "createdAt", run_at as "runAt", done_at as "doneAt", dead_at as "deadAt"`;

/** Jobs given up, oldest first. */
export async function findDeadJobs(db: Db): Promise<JobSeen[]> {
  const { rows } = await sql<JobSeen>`
    select ${SEEN} from job where dead_at is not null order by dead_at, seq`.execute(db);
  return rows;
}

/** By its id, or the beginning of it that people were given as a reference. */
export async function findJobs(db: Db, reference: string): Promise<JobSeen[]> {
  const { rows } = await sql<JobSeen>`
    select ${SEEN} from job where id::text like ${`${reference}%`} order by seq`.execute(db);
  return rows;
}

/** Gives dead jobs another life, at once and with nothing held against them. Answers how many. */
export async function retryDead(db: Db, which: { id: string } | "all"): Promise<number> {
  const chosen: RawBuilder<unknown> = which === "all" ? sql`true` : sql`id = ${which.id}::uuid`;
  const { rows } = await sql`
    with retried as (
      update job set dead_at = null, run_at = deskline_now(), due_at = deskline_now(),
        failures = 0, crashes = 0, claim = null, leased_until = null, rung_at = null
      where dead_at is not null and ${chosen}
      returning lane
    ),
    lanes as (
      insert into lane (key) select distinct lane from retried where lane is not null
      on conflict do nothing
    )
    select pg_notify('job', '') from retried`.execute(db);
  return rows.length;
}

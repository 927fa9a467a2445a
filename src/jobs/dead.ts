import { type RawBuilder, sql } from "kysely";
import type { Db } from "#db/connect.ts";
import { after } from "./queue.ts";

/** A job as the operator sees it. */
export type JobSeen = {
  id: string;
  name: string;
  payload: Record<string, unknown>;
  lane: string | null;
  attempts: number;
  lastError: string | null;
  createdAt: Date;
  /** When it was first due. */
  dueAt: Date;
  /** When it is tried next. */
  runAt: Date;
  /** Set while a worker has it. */
  leasedUntil: Date | null;
  doneAt: Date | null;
  deadAt: Date | null;
};

export const SEEN = sql`id, name, payload, lane, attempts, last_error as "lastError",
  created_at as "createdAt", due_at as "dueAt", run_at as "runAt", leased_until as "leasedUntil", done_at as "doneAt", dead_at as "deadAt"`;

/** The first of them, and how many there are in all. */
export type Listed<J extends JobSeen> = { jobs: J[]; total: number };
export const TOTAL = sql`count(*) over ()::int as total`;

/** Jobs given up, oldest first. */
export async function findDeadJobs(db: Db, limit: number): Promise<Listed<JobSeen>> {
  const { rows: jobs } = await sql<JobSeen & { total: number }>`
    select ${SEEN}, ${TOTAL} from job
    where dead_at is not null order by dead_at, seq limit ${limit}`.execute(db);
  return { jobs, total: jobs[0]?.total ?? 0 };
}

/** By its id, or the beginning of it that people were given as a reference. */
export async function findJobs(db: Db, reference: string): Promise<JobSeen[]> {
  const digits = reference.replaceAll("-", "");
  const [first, last] = [digits.padEnd(32, "0"), digits.padEnd(32, "f")];
  const { rows } = await sql<JobSeen>`
    select ${SEEN} from job where id between ${first}::uuid and ${last}::uuid order by seq`.execute(
    db,
  );
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

/** A job that waits for its next try is due now, and with it all of its lane. False when it does not wait. */
export async function hurryJob(db: Db, id: string): Promise<boolean> {
  const { rows } = await sql`
    with waiting as (
      select id, lane from job
      where id = ${id} and done_at is null and dead_at is null and claim is null
    ),
    lanes as (
      update lane set next_at = least(next_at, deskline_now()) from waiting
      where lane.key = waiting.lane and lane.claim is null returning key
    ),
    hurried as (
      update job set run_at = deskline_now(), rung_at = null from waiting
      where (job.id = waiting.id or job.lane = waiting.lane) and ${after("lanes")}
        and job.done_at is null and job.dead_at is null and job.claim is null
    )
    select pg_notify('job', '') from waiting`.execute(db);
  return rows.length > 0;
}

/** The operator does without it: it counts as done, and its last error stays. False when it was not given up. */
export async function dropDead(db: Db, id: string): Promise<boolean> {
  const { rows } = await sql`
    update job set dead_at = null, done_at = deskline_now()
    where id = ${id} and dead_at is not null returning 1`.execute(db);
  return rows.length > 0;
}

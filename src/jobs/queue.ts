import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import { faultPoint } from "#fault-points.ts";
import { type JobName, type JobPayload, jobSchemas } from "./catalogue.ts";
import { gapMs, type Lane } from "./lanes.ts";

/** What a lease has more than one call takes: a call that begins later than this could outlive it. */
export const SPARE_MS = 5000;

/** A dead worker's jobs and lanes wait no longer than this: one call to Slack or the desk, and 5 s. */
export function leaseFor(httpTimeoutMs: number): number {
  return httpTimeoutMs + SPARE_MS;
}
export const LEASE_MS = leaseFor(10_000);

export type ClaimedJob = {
  id: string;
  name: string;
  payload: unknown;
  lane: string | null;
  claim: string;
  leaseMs: number;
  attempts: number;
  failures: number;
  crashes: number;
  /** Since it was first due, by the clock of the database. */
  ageMs: number;
  /** The same since it was last due: a retry is due later. */
  waitedMs: number;
};

/** A job in a lane is never for later: it would hold up all that come after it. */
type When =
  | { lane: Lane; coalesce?: boolean; runAt?: undefined }
  | { runAt?: Date; lane?: undefined; coalesce?: undefined };

/** `key`: never a second job with it. `coalesce`: not while one like it still waits to start. */
export type NewJob<N extends JobName = JobName> = N extends JobName
  ? { name: N; payload: JobPayload<N>; key?: string } & When
  : never;

/** Takes `Tx`, not `Db`: a job is saved with the change that causes it, or not at all. */
export async function enqueue<N extends JobName>(
  tx: Tx,
  name: N,
  payload: JobPayload<N>,
  options: { key?: string } & When = {},
): Promise<void> {
  await insertJobs(tx, [{ ...options, ...read(name, payload) }]);
}

/** Several in one round trip, in this order. */
export async function enqueueAll(tx: Tx, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await insertJobs(
    tx,
    jobs.map(({ name, payload, ...options }) => ({ ...options, ...read(name, payload) })),
  );
}

type ReadJob = { name: JobName; json: string; key?: string } & When;

function read(name: JobName, payload: unknown): { name: JobName; json: string } {
  return { name, json: JSON.stringify(jobSchemas[name].parse(payload)) };
}

/**
 * A waiting job that does for a new one is locked until the change is committed: a worker that started it before would
 * not see the change, and nobody would be told of it. One that a worker is starting now does not count.
 */
async function insertJobs(tx: Tx, jobs: readonly ReadJob[]): Promise<void> {
  const lanes = [...new Set(jobs.flatMap(({ lane }) => lane ?? []))];
  await sql`
    ${lanes.length > 0 ? sql`with ${openedLanes(lanes)}` : sql``}
    insert into job (name, payload, key, lane, run_at, due_at)
    select name, payload, key, lane, due, due from (values ${sql.join(jobs.map(rowOf))})
      as asked (n, name, payload, key, lane, due, coalesces)
    where not (coalesces and exists (
      select from job where job.lane = asked.lane and job.name = asked.name and job.payload = asked.payload
        and claim is null and done_at is null and dead_at is null
      limit 1 for share skip locked))
    order by n
    on conflict (key) do nothing`.execute(tx);
}

function rowOf(job: ReadJob, n: number): RawBuilder<unknown> {
  const { name, json, key = null, lane = null, runAt = null, coalesce = false } = job;
  return sql`(${n}::int, ${name}, ${json}::jsonb, ${key}::text, ${lane}::text,
    coalesce(${runAt}::timestamptz, deskline_now()), ${coalesce}::boolean)`;
}

/**
 * The same as part of a larger statement, when its table `after` has a row: the tables `opened` and `enqueued`.
 * Only for what is enqueued once, so that no other change can be counting on it.
 */
export function enqueued<N extends JobName>(
  job: { name: N; payload: JobPayload<N>; key: string; lane: Lane },
  after: string,
): RawBuilder<unknown> {
  const json = JSON.stringify(jobSchemas[job.name].parse(job.payload));
  return sql`
    ${openedLanes([job.lane])},
    enqueued as (
      insert into job (name, payload, key, lane)
      select ${job.name}, ${json}::jsonb, ${job.key}, ${job.lane} from ${sql.table(after)}
      on conflict (key) do nothing
    )`;
}

/**
 * True, and known only when that table of the statement has been gone through: what it locks, it locks before. Whoever
 * needs a lane and its jobs takes the lane first, so that of two of them neither has what the other waits for.
 */
export function after(table: string): RawBuilder<boolean> {
  return sql`(select count(*) from ${sql.table(table)}) is not null`;
}

/** Extends a claim by one lease; false when another worker has taken over, the job or its lane. */
export async function keepClaim(db: Db, job: ClaimedJob): Promise<boolean> {
  const { rows } = await sql`with ${keptClaim(job)} select from kept`.execute(db);
  return rows.length > 0;
}

/** The table `kept`: one row while the job, and its lane, are still this claim's; their lease begins again. */
export function keptClaim(job: ClaimedJob): RawBuilder<unknown> {
  const lease = leaseEnd(job.leaseMs);
  return sql`
    held as (
      update lane set leased_until = ${lease} where key = ${job.lane} and claim = ${job.claim}
      returning key
    ),
    kept as (
      update job set leased_until = ${lease} + ${restAfter(sql`crashes`)}
      where id = ${job.id} and claim = ${job.claim} and (lane is null or lane in (select key from held))
      returning id
    )`;
}

const DONE = sql`done_at = deskline_now(), last_error = null`;

export async function finishJob(db: Db, job: ClaimedJob): Promise<void> {
  await faultPoint("job.before-finish");
  await release(db, job, DONE, gapAfter(job));
}

/** Tables of a statement; `isMade`: the change found what it is for. */
export type Change = { tables: RawBuilder<unknown>; isMade: RawBuilder<boolean> };

/** Ends the job in the statement of its last change, when that was made: round trips are most of what a job costs. */
export async function finishWith(db: Db, job: ClaimedJob, change: Change): Promise<boolean> {
  await faultPoint("job.before-finish");
  return release(db, job, DONE, gapAfter(job), change);
}

/** The job runs again after the wait. Its lane waits with it: order is kept, and a 429 means the lane. */
export async function postponeJob(
  db: Db,
  job: ClaimedJob,
  how: { afterMs: number; error: string; failed: boolean },
): Promise<void> {
  await release(
    db,
    job,
    sql`run_at = deskline_now() + ${milliseconds(how.afterMs)}, rung_at = null,
      last_error = ${how.error}, failures = failures + ${how.failed ? 1 : 0}`,
    Math.max(how.afterMs, gapAfter(job)),
  );
}

/** Gives a job up. In the caller's transaction, with the sentence to the person. */
export async function buryJob(tx: Tx, job: ClaimedJob, error: string): Promise<boolean> {
  return release(tx, job, sql`dead_at = deskline_now(), last_error = ${error}`, gapAfter(job));
}

/** Gives a claimed job back at once, uncounted: this worker is stopping. */
export async function handBackJob(db: Db, job: ClaimedJob): Promise<void> {
  const uncounted = sql`rung_at = null, attempts = greatest(attempts - 1, 0)`;
  await release(db, job, uncounted, gapAfter(job));
}

/** Wakes the other workers, as a new job does. */
export async function ringWorkers(db: Db): Promise<void> {
  await sql`select pg_notify('job', '')`.execute(db);
}

/**
 * Where another transaction is making a lane already, it is left to that one: waiting for it could end in a
 * deadlock of two that open two lanes in different order. If it rolls back, `mendLanes` makes the lane.
 * Their values one by one: how long an array is PostgreSQL does not know, and would plan the statement anew each time.
 */
export function openedLanes(lanes: readonly Lane[]): RawBuilder<unknown> {
  return sql`
    opened as (
      insert into lane (key)
      select wanted.key from (values ${sql.join(lanes.map((lane) => sql`(${lane}::text)`))}) as wanted (key) where case
        when exists (select from lane where lane.key = wanted.key) then false
        else pg_try_advisory_xact_lock(hashtextextended(wanted.key, 0)) end
      on conflict do nothing
    )`;
}

async function release(
  db: Db,
  job: ClaimedJob,
  outcome: RawBuilder<unknown>,
  lanePauseMs: number,
  change?: Change,
): Promise<boolean> {
  const { rows } = await sql`
    with ${change ? sql`${change.tables},` : sql``}
    held as (select from lane where key = ${job.lane} and claim = ${job.claim} for update),
    released as (
      update job set claim = null, leased_until = null, ${outcome}
      where id = ${job.id} and claim = ${job.claim} -- a later claim has taken over: leave its row alone
        and ${after("held")} ${change ? sql`and ${change.isMade}` : sql``}
      returning lane
    ),
    freed as (
      update lane set claim = null, leased_until = null,
        next_at = deskline_now() + ${milliseconds(lanePauseMs)}
      where key in (select lane from released) and claim = ${job.claim}
    )
    select from released`.execute(db);
  return rows.length > 0;
}

export function leaseEnd(leaseMs: number): RawBuilder<unknown> {
  return sql`deskline_now() + ${milliseconds(leaseMs)}`;
}

/**
 * How much longer a job rests whose workers died: some 1, 3, then 7 s, for its lane waits with it. Each rests differently, so that a job that kills
 * meets others with fewer and fewer good ones in its worker's hands; those would be given up with it.
 */
export function restAfter(crashes: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(2 ^ least(${crashes}, 3) - 1) * (0.5 + random()) * interval '1 second'`;
}

function gapAfter(job: ClaimedJob): number {
  return job.lane ? gapMs(job.lane) : 0;
}

function milliseconds(ms: number): RawBuilder<unknown> {
  return sql`${`${Math.ceil(ms)} milliseconds`}::interval`;
}

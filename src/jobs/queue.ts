import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import { type JobName, type JobPayload, jobSchemas } from "./catalogue.ts";
import { faultPoint } from "./fault-points.ts";
import { gapMs, type Lane } from "./lanes.ts";

/** HTTP timeout (10 s) + 5 s: a dead worker's jobs and lanes wait no longer than this. */
export const LEASE_MS = 15_000;
const LEASE = sql`deskline_now() + ${`${LEASE_MS} milliseconds`}::interval`;
const RING_AGAIN = sql`interval '5 seconds'`;
const SOON_MS = 20; // what is due and was not claimed is in another worker's hands
const UNFINISHED = sql`done_at is null and dead_at is null`;

export type ClaimedJob = {
  id: string;
  name: string;
  payload: unknown;
  lane: string | null;
  claim: string;
  attempts: number;
  failures: number;
  crashes: number;
  createdAt: Date;
};

/**
 * Takes `Tx`, not `Db`: a job is saved with the change that causes it, or not at all.
 * `key`: never a second job with it. `coalesce`: not while one like it still waits to start.
 */
export async function enqueue<N extends JobName>(
  tx: Tx,
  name: N,
  payload: JobPayload<N>,
  options: { key?: string; lane?: Lane; runAt?: Date; coalesce?: boolean } = {},
): Promise<void> {
  const json = JSON.stringify(jobSchemas[name].parse(payload));
  const lane = options.lane ?? null;
  if (lane) await sql`insert into lane (key) values (${lane}) on conflict do nothing`.execute(tx);
  if (options.coalesce && lane && (await isWaiting(tx, name, json, lane))) return;
  await sql`
    insert into job (name, payload, key, lane, run_at)
    values (${name}, ${json}, ${options.key ?? null}, ${lane},
      coalesce(${options.runAt ?? null}::timestamptz, deskline_now()))
    on conflict (key) do nothing`.execute(tx);
}

/** Claims up to `limit` due jobs, each for one lease. No other caller gets them meanwhile. */
export async function claimDue(db: Db, limit: number): Promise<ClaimedJob[]> {
  return claim(
    db,
    sql`
    plain as (
      select id from job
      where lane is null and ${UNFINISHED} and ${isDue("job")}
      order by run_at limit ${limit} for update skip locked
    ),
    chosen as (select id from free_head union all select id from plain limit ${limit})`,
    sql`busy`,
    limit,
  );
}

/** Claims one job if it is due, and first in its lane. */
export async function claimOne(db: Db, id: string): Promise<ClaimedJob | undefined> {
  const [job] = await claim(
    db,
    sql`
    plain as (
      select id from job
      where id = ${id} and lane is null and ${UNFINISHED} and ${isDue("job")}
      for update skip locked
    ),
    chosen as (select id from free_head union all select id from plain)`,
    sql`(
      select lane, id, run_at, leased_until from job
      where id = ${id} and lane is not null and ${UNFINISHED} and not exists (
        select 1 from job as earlier where earlier.lane = job.lane and earlier.seq < job.seq
          and earlier.done_at is null and earlier.dead_at is null)
    )`,
    1,
  );
  return job;
}

/** Ids of jobs that are due and were not rung within the last 5 seconds, marked as rung. */
export async function ringDue(db: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive ${busyLanes},
    due as (
      select id from job
      where lane is null and ${UNFINISHED} and ${isDue("job")} and ${isSilent("job")}
      union all
      select busy.id from busy join lane on lane.key = busy.lane
      where ${isDue("busy")} and ${isFree("lane")} and ${isSilent("busy")}
    ),
    locked as (
      select id from job where id in (select id from due limit ${limit}) and ${isSilent("job")}
      for update skip locked
    )
    update job set rung_at = deskline_now() where id in (select id from locked)
    returning id`.execute(db);
  return rows.map((row) => row.id);
}

/** Milliseconds until the next job can be claimed (or rung again); undefined when none waits. */
export async function dueInMs(db: Db, to: "claim" | "ring"): Promise<number | undefined> {
  const rung = to === "ring" ? sql`rung_at + ${RING_AGAIN}` : sql`null`;
  const { rows } = await sql<{ ms: number | null }>`
    with recursive ${busyLanes}
    select extract(epoch from min(due) - deskline_now())::float8 * 1000 as ms from (
      select min(greatest(run_at, leased_until, ${rung})) as due from job
      where lane is null and ${UNFINISHED}
      union all
      select min(greatest(busy.run_at, busy.leased_until, ${rung}, lane.next_at, lane.leased_until))
      from busy join lane on lane.key = busy.lane
    ) as waiting`.execute(db);
  const ms = rows[0]?.ms;
  return ms === null || ms === undefined ? undefined : Math.max(SOON_MS, ms);
}

/** Extends a claim by one lease; false when another worker has taken over. */
export async function keepClaim(db: Db, job: ClaimedJob): Promise<boolean> {
  const { rows } = await sql`
    with kept as (
      update job set leased_until = ${LEASE} where id = ${job.id} and claim = ${job.claim}
      returning lane
    ),
    lanes as (update lane set leased_until = ${LEASE} where key in (select lane from kept))
    select 1 from kept`.execute(db);
  return rows.length > 0;
}

export async function finishJob(db: Db, job: ClaimedJob): Promise<void> {
  await faultPoint("job.before-finish");
  await release(db, job, sql`done_at = deskline_now(), last_error = null`, pauseAfter(job));
}

/** The job runs again after the wait. Its lane waits with it: order is kept, and a 429 means the lane. */
export async function postponeJob(
  db: Db,
  job: ClaimedJob,
  how: { afterMs: number; error: string; failed: boolean },
): Promise<void> {
  const wait = milliseconds(how.afterMs);
  await release(
    db,
    job,
    sql`run_at = deskline_now() + ${wait}, rung_at = null, last_error = ${how.error},
      failures = failures + ${how.failed ? 1 : 0}`,
    job.lane ? milliseconds(Math.max(how.afterMs, gapMs(job.lane))) : milliseconds(0),
  );
}

/** Gives a job up. In the caller's transaction, with the sentence to the person. */
export async function buryJob(tx: Tx, job: ClaimedJob, error: string): Promise<boolean> {
  return release(tx, job, sql`dead_at = deskline_now(), last_error = ${error}`, pauseAfter(job));
}

/** Gives claimed jobs back at once, uncounted: this worker is stopping. */
export async function handBackJob(db: Db, job: ClaimedJob): Promise<void> {
  await release(
    db,
    job,
    sql`rung_at = null, attempts = greatest(attempts - 1, 0)`,
    milliseconds(0),
  );
}

/** Lanes lost to a clean-up come back; lanes idle for a day go. Called by the sweep. */
export async function mendLanes(db: Db): Promise<void> {
  await sql`
    insert into lane (key)
    select distinct lane from job where lane is not null and ${UNFINISHED}
    on conflict do nothing`.execute(db);
  await sql`
    delete from lane where next_at < deskline_now() - interval '1 day' and not exists
      (select 1 from job where job.lane = lane.key and ${UNFINISHED})`.execute(db);
}

async function isWaiting(tx: Tx, name: string, json: string, lane: Lane): Promise<boolean> {
  const { rows } = await sql`
    select 1 from job where lane = ${lane} and name = ${name} and payload = ${json}::jsonb
      and claim is null and ${UNFINISHED} limit 1`.execute(tx);
  return rows.length > 0;
}

// The head of every lane that has work, found lane by lane through the index (lane, seq): idle lanes cost nothing.
const busyLanes = sql`
  busy as (
    (select lane, id, run_at, leased_until, rung_at from job
     where lane is not null and ${UNFINISHED} order by lane, seq limit 1)
    union all
    select next.* from busy, lateral (
      select lane, id, run_at, leased_until, rung_at from job
      where lane > busy.lane and ${UNFINISHED} order by lane, seq limit 1
    ) as next
  )`;

async function claim(
  db: Db,
  chosen: RawBuilder<unknown>,
  heads: RawBuilder<unknown>,
  limit: number,
): Promise<ClaimedJob[]> {
  const { rows } = await sql<ClaimedJob>`
    with recursive ${busyLanes},
    free_head as (
      select head.id from lane join ${heads} as head on head.lane = lane.key
      where ${isDue("head")} and ${isFree("lane")}
      order by lane.next_at limit ${limit} for update of lane skip locked
    ),
    ${chosen},
    claimed as (
      update job set claim = gen_random_uuid(), leased_until = ${LEASE}, attempts = attempts + 1,
        crashes = crashes + (claim is not null)::int
      where id in (select id from chosen) and ${UNFINISHED} and ${isDue("job")}
      returning id, name, payload, lane, claim, attempts, failures, crashes,
        created_at as "createdAt", seq
    ),
    leased as (
      update lane set leased_until = ${LEASE} where key in (select lane from claimed)
    )
    select * from claimed order by seq`.execute(db);
  return rows;
}

async function release(
  db: Db,
  job: ClaimedJob,
  outcome: RawBuilder<unknown>,
  lanePause: RawBuilder<unknown>,
): Promise<boolean> {
  const { rows } = await sql`
    with released as (
      update job set claim = null, leased_until = null, ${outcome}
      where id = ${job.id} and claim = ${job.claim} -- a later claim has taken over: leave its row alone
      returning lane
    ),
    freed as (
      update lane set leased_until = null, next_at = deskline_now() + ${lanePause}
      where key in (select lane from released)
    )
    select 1 from released`.execute(db);
  return rows.length > 0;
}

function pauseAfter(job: ClaimedJob): RawBuilder<unknown> {
  return milliseconds(job.lane ? gapMs(job.lane) : 0);
}

function milliseconds(ms: number): RawBuilder<unknown> {
  return sql`${`${Math.ceil(ms)} milliseconds`}::interval`;
}

function isDue(table: "job" | "busy" | "head"): RawBuilder<boolean> {
  return sql`${sql.ref(`${table}.run_at`)} <= deskline_now()
    and (${sql.ref(`${table}.leased_until`)} is null
      or ${sql.ref(`${table}.leased_until`)} <= deskline_now())`;
}

function isFree(lane: "lane"): RawBuilder<boolean> {
  return sql`${sql.ref(`${lane}.next_at`)} <= deskline_now()
    and (${sql.ref(`${lane}.leased_until`)} is null
      or ${sql.ref(`${lane}.leased_until`)} <= deskline_now())`;
}

function isSilent(table: "job" | "busy"): RawBuilder<boolean> {
  return sql`(${sql.ref(`${table}.rung_at`)} is null
    or ${sql.ref(`${table}.rung_at`)} <= deskline_now() - ${RING_AGAIN})`;
}

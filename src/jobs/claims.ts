import { setTimeout as sleep } from "node:timers/promises";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "#db/connect.ts";
import { type ClaimedJob, LEASE_MS, leaseEnd } from "./queue.ts";

const RING_AGAIN = sql`interval '5 seconds'`;
const LOOK_AGAIN_MS = [5, 20, 80, 200];
const SOON_MS = 20; // what is due and was not claimed is in another worker's hands
export const UNFINISHED = sql`job.done_at is null and job.dead_at is null`;
// The same, asked of rows found by their id: in words that match no partial index. A planner that remembers an empty
// table takes such an index to be empty, and walked all waiting jobs once for each job looked for (100 times slower).
const STILL_UNFINISHED = sql`coalesce(job.done_at, job.dead_at) is null`;

// The head of every lane that has work, found lane by lane through the index (lane, seq): idle lanes cost nothing.
export const busyLanes = sql`
  head as (
    (select lane, id, run_at, leased_until, rung_at from job
     where lane is not null and ${UNFINISHED} order by lane, seq limit 1)
    union all
    select next.lane, next.id, next.run_at, next.leased_until, next.rung_at from head, lateral (
      select job.lane, job.id, job.run_at, job.leased_until, job.rung_at from job
      where job.lane > head.lane and ${UNFINISHED} order by job.lane, job.seq limit 1
    ) as next
  )`;

/**
 * Claims up to `limit` due jobs, each for one lease. No other caller gets them meanwhile. In a backlog half of them are
 * those that were due first and half those that have just come: who asks now does not wait behind 20,000.
 */
export async function claimDue(db: Db, limit: number, leaseMs = LEASE_MS): Promise<ClaimedJob[]> {
  const plain = (order: RawBuilder<unknown>, most: number) => sql`
    select id, run_at as due from job where lane is null and ${UNFINISHED} and ${isDue("job")}
    order by ${order} limit ${most} for update skip locked`;
  const among = {
    heads: busyLanes,
    plain: plain(sql`run_at`, limit),
    latest: plain(sql`run_at desc`, half(limit)),
    isIn: (found: RawBuilder<unknown>) => sql<boolean>`job.id = any (array(${found}))`,
  };
  return claim(db, among, { limit, leaseMs });
}

/** Claims one job if it is due, and first in its lane. */
export async function claimOne(
  db: Db,
  id: string,
  leaseMs = LEASE_MS,
): Promise<ClaimedJob | undefined> {
  for (const waitMs of LOOK_AGAIN_MS) {
    const [job] = await claim(db, itself(id), { limit: 1, leaseMs });
    if (job) return job;
    if (!(await isClaimable(db, id))) return undefined;
    await sleep(waitMs); // another worker's hand is on it, most often to ring it: nobody would come back for 5 s
  }
  return undefined;
}

function itself(id: string) {
  return {
    heads: sql`
      itself as materialized (select id, lane, seq, run_at, leased_until from job where id = ${id}),
      head as (
        select lane, id, run_at, leased_until from itself
        where seq = (select min(job.seq) from job where job.lane = itself.lane and ${UNFINISHED})
      )`,
    plain: sql`
      select id, run_at as due from job
      where id = ${id} and lane is null and ${STILL_UNFINISHED} and ${isDue("job")}
      for update skip locked`,
    latest: sql`select id, run_at as due from job where false`,
    isIn: (found: RawBuilder<unknown>) => sql<boolean>`job.id = ${id} and exists (${found})`,
  };
}

/** Looks without a hand on it. */
async function isClaimable(db: Db, id: string): Promise<boolean> {
  const { heads } = itself(id);
  const { rows } = await sql`
    with ${heads}
    select from job where id = ${id} and ${STILL_UNFINISHED} and ${isDue("job")} and (
      lane is null or exists (select from head join lane on lane.key = head.lane where ${isFree()}))`.execute(
    db,
  );
  return rows.length > 0;
}

/** Ids of jobs that are due and were not rung within the last 5 seconds, marked as rung. In a backlog, as `claimDue`. */
export async function ringDue(db: Db, limit: number): Promise<string[]> {
  const plain = (order: RawBuilder<unknown>, most: number) => sql`
    select id, run_at as due from job
    where lane is null and ${UNFINISHED} and ${isDue("job")} and ${isSilent("job")}
    order by ${order} limit ${most}`;
  const { rows } = await sql<{ id: string }>`
    with recursive ${busyLanes},
    plain as (${plain(sql`run_at`, limit)}),
    latest as (${plain(sql`run_at desc`, half(limit))}),
    in_lanes as (
      select head.id, head.run_at as due from head join lane on lane.key = head.lane
      where ${isDue("head")} and ${isFree()} and ${isSilent("head")}
    ),
    due as (${inTurn(limit)}),
    locked as (
      select id from job where id = any (array(select id from due)) and ${STILL_UNFINISHED} and ${isSilent("job")}
      for update skip locked
    )
    update job set rung_at = deskline_now() where id = any (array(select id from locked))
    returning id`.execute(db);
  return rows.map((row) => row.id);
}

/** Milliseconds until the next job can be claimed (or rung again); undefined when none waits. */
export async function dueInMs(db: Db, to: "claim" | "ring"): Promise<number | undefined> {
  const rungUntil = to === "ring" ? sql`rung_at + ${RING_AGAIN}` : sql`null::timestamptz`;
  const { rows } = await sql<{ ms: number | null }>`
    with recursive ${busyLanes},
    waiting as (
      select min(greatest(run_at, leased_until, ${rungUntil})) as due from job
      where lane is null and ${UNFINISHED} and run_at <= deskline_now()
      union all -- thousands may be for later, all of them unclaimed: the index has the first
      select min(run_at) from job where lane is null and ${UNFINISHED} and run_at > deskline_now()
      union all
      select min(greatest(head.run_at, head.leased_until, ${rungUntil}, lane.next_at, lane.leased_until))
      from head join lane on lane.key = head.lane
    )
    select extract(epoch from min(due) - deskline_now())::float8 * 1000 as ms from waiting
  `.execute(db);
  const ms = rows[0]?.ms;
  return ms === null || ms === undefined ? undefined : Math.max(SOON_MS, ms);
}

/** Whether a job could have been claimed for so long, and nobody did. */
export async function isOverdue(db: Db, byMs: number): Promise<boolean> {
  const limit = sql`deskline_now() - ${`${byMs} milliseconds`}::interval`;
  const { rows } = await sql`
    with recursive ${busyLanes}
    select where exists (
      select from job where lane is null and ${UNFINISHED}
        and run_at < ${limit} and (leased_until is null or leased_until < ${limit})
    ) or exists (
      select from head join lane on lane.key = head.lane
      where head.run_at < ${limit} and (head.leased_until is null or head.leased_until < ${limit})
        and lane.next_at < ${limit} and (lane.leased_until is null or lane.leased_until < ${limit})
    )`.execute(db);
  return rows.length > 0;
}

/** Lanes that were lost come back; lanes idle for a day go. Called by the sweep. */
export async function mendLanes(db: Db): Promise<void> {
  await sql`
    with recursive ${busyLanes}
    insert into lane (key)
    select head.lane from head where not exists (select from lane where lane.key = head.lane)
    on conflict do nothing`.execute(db);
  await sql`
    delete from lane where next_at < deskline_now() - interval '1 day' and not exists
      (select from job where job.lane = lane.key and ${UNFINISHED})`.execute(db);
}

type Candidates = {
  /** The tables that give the heads of lanes. */
  heads: RawBuilder<unknown>;
  /** Jobs without a lane, due first and due last. */
  plain: RawBuilder<unknown>;
  latest: RawBuilder<unknown>;
  /** Which rows they are, in words for which the planner takes the index of ids. */
  isIn(found: RawBuilder<unknown>): RawBuilder<boolean>;
};

/**
 * Locks what it takes and skips what others hold: a lane that another worker is claiming, a job that another
 * worker is claiming or that a change is counting on (`coalesce`). Who was due first goes first.
 */
async function claim(
  db: Db,
  { heads, plain, latest, isIn }: Candidates,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<ClaimedJob[]> {
  const lease = leaseEnd(leaseMs);
  const { rows } = await sql<Omit<ClaimedJob, "leaseMs">>`
    with recursive ${heads},
    in_lanes as (
      select job.id, greatest(lane.next_at, job.run_at) as due
      from job join lane on lane.key = job.lane
      where ${isIn(sql`select id from head where ${isDue("head")}`)}
        and ${isFree()} and ${STILL_UNFINISHED} and ${isDue("job")}
      order by due limit ${limit} for update of lane, job skip locked
    ),
    plain as (${plain}),
    latest as (${latest}),
    chosen as (${inTurn(limit)}),
    claimed as (
      update job set claim = gen_random_uuid(), leased_until = ${lease}, attempts = attempts + 1,
        crashes = crashes + (claim is not null)::int
      where ${isIn(sql`select id from chosen`)} and ${STILL_UNFINISHED} and ${isDue("job")}
      returning id, name, payload, lane, claim, attempts, failures, crashes, seq,
        extract(epoch from deskline_now() - due_at)::float8 * 1000 as "ageMs",
        extract(epoch from deskline_now() - run_at)::float8 * 1000 as "waitedMs"
    ),
    leased as (
      update lane set leased_until = ${lease}, claim = claimed.claim
      from claimed where lane.key = claimed.lane
    )
    select id, name, payload, lane, claim, attempts, failures, crashes, "ageMs", "waitedMs"
    from claimed
    order by seq`.execute(db);
  return rows.map((row) => ({ ...row, leaseMs }));
}

/** Of the tables `latest`, `in_lanes` and `plain`. */
function inTurn(limit: number): RawBuilder<unknown> {
  return sql`
    select id from (
      select id, due, 0 as turn from latest
      union all
      select id, due, 1 from (table in_lanes union all table plain) as others
    ) as candidate
    group by id order by min(turn), min(due) limit ${limit}`;
}

/** Of an odd number now the smaller half, now the larger: a worker often has one place to give. */
function half(limit: number): number {
  return Math.floor((limit + Math.round(Math.random())) / 2);
}

function isDue(table: "job" | "head"): RawBuilder<boolean> {
  const [runAt, leasedUntil] = [sql.ref(`${table}.run_at`), sql.ref(`${table}.leased_until`)];
  return sql`${runAt} <= deskline_now() and (${leasedUntil} is null or ${leasedUntil} <= deskline_now())`;
}

function isFree(): RawBuilder<boolean> {
  return sql`lane.next_at <= deskline_now()
    and (lane.leased_until is null or lane.leased_until <= deskline_now())`;
}

function isSilent(table: "job" | "head"): RawBuilder<boolean> {
  const rungAt = sql.ref(`${table}.rung_at`);
  return sql`(${rungAt} is null or ${rungAt} <= deskline_now() - ${RING_AGAIN})`;
}

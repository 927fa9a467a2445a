import { setTimeout as sleep } from "node:timers/promises";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "#db/connect.ts";
import {
  busyLanes,
  inTurn,
  isDue,
  isFree,
  plainAndLatest,
  STILL_UNFINISHED,
  UNFINISHED,
} from "./due.ts";
import { type ClaimedJob, LEASE_MS, leaseEnd, restAfter } from "./queue.ts";

// With the death that its claim tells of, when there is one.
const CRASHES = sql`crashes + (claim is not null)::int`;
const LOOK_AGAIN_MS = [5, 20, 80, 200];

/**
 * Claims up to `limit` due jobs, each for one lease. No other caller gets them meanwhile. In a backlog each kind has
 * its share (`inTurn`): who asks now does not wait behind 20,000.
 */
export async function claimDue(db: Db, limit: number, leaseMs = LEASE_MS): Promise<ClaimedJob[]> {
  const among = {
    heads: busyLanes,
    plain: plainAndLatest(limit, { lock: sql`for update skip locked` }),
    isIn: (found: RawBuilder<unknown>) => sql<boolean>`job.id = any (array(${found}))`,
  };
  return claim(db, among, { limit, leaseMs });
}

/** Claims of these jobs what is due, first in its lane, and in nobody's hand. */
export async function claimThese(
  db: Db,
  ids: readonly string[],
  leaseMs = LEASE_MS,
): Promise<ClaimedJob[]> {
  const theirs = sql`job.id = any (${ids}::uuid[])`;
  const among = {
    heads: headsOf(theirs),
    plain: ofThese(theirs),
    isIn: (found: RawBuilder<unknown>) => sql<boolean>`job.id = any (array(${found}))`,
  };
  return claim(db, among, { limit: ids.length, leaseMs });
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
    heads: headsOf(sql`job.id = ${id}`),
    plain: ofThese(sql`job.id = ${id}`),
    isIn: (found: RawBuilder<unknown>) => sql<boolean>`job.id = ${id} and exists (${found})`,
  };
}

function ofThese(which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    plain as (
      select id, run_at as due from job
      where ${which} and lane is null and ${STILL_UNFINISHED} and ${isDue("job")}
      for update skip locked
    ),
    latest as (select id, due from plain where false)`;
}

function headsOf(which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    itself as materialized (select id, lane, seq, run_at, leased_until from job where ${which}),
    head as (
      select lane, id, run_at, leased_until from itself
      where seq = (select min(job.seq) from job where job.lane = itself.lane and ${UNFINISHED})
    )`;
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

type Candidates = {
  /** The tables that give the heads of lanes. */
  heads: RawBuilder<unknown>;
  /** The tables `plain` and `latest`: jobs without a lane. */
  plain: RawBuilder<unknown>;
  /** Which rows they are, in words for which the planner takes the index of ids. */
  isIn(found: RawBuilder<unknown>): RawBuilder<boolean>;
};

/**
 * Locks what it takes and skips what others hold: a lane that another worker is claiming, a job that another
 * worker is claiming or that a change is counting on (`coalesce`).
 */
async function claim(
  db: Db,
  { heads, plain, isIn }: Candidates,
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
    ${plain},
    chosen as (${inTurn(limit)}),
    claimed as (
      update job set claim = gen_random_uuid(), attempts = attempts + 1, crashes = ${CRASHES},
        leased_until = ${lease} + ${restAfter(CRASHES)}
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

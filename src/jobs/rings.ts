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

const RING_AGAIN = sql`interval '5 seconds'`;
const RUNG_UNTIL = sql`rung_at + ${RING_AGAIN}`;
const untilDue = sql`select extract(epoch from min(due) - deskline_now())::float8 * 1000 as ms from waiting`;
const SOON_MS = 20; // what is due and was not claimed is in another worker's hands

/**
 * Ids of jobs that are due and were not rung within the last 5 seconds, marked as rung. In a backlog, as `claimDue`.
 * `nextMs`: when there may be more, undefined when nothing waits; in one statement, for both walk the lanes.
 */
export async function ringDue(
  db: Db,
  limit: number,
): Promise<{ ids: string[]; nextMs: number | undefined }> {
  const { rows } = await sql<{ ids: string[]; ms: number | null }>`
    with recursive ${busyLanes},
    ${plainAndLatest(limit, { only: isSilent("job") })},
    in_lanes as (
      select head.id, head.run_at as due from head join lane on lane.key = head.lane
      where ${isDue("head")} and ${isFree()} and ${isSilent("head")}
    ),
    due as (${inTurn(limit)}),
    locked as (
      select id from job where id = any (array(select id from due)) and ${STILL_UNFINISHED} and ${isSilent("job")}
      for update skip locked
    ),
    rung as (
      update job set rung_at = deskline_now() where id = any (array(select id from locked))
      returning id
    ),
    waiting as (${waitingJobs(RUNG_UNTIL, sql`not id = any (array(select id from rung))`)})
    select array(select id from rung) as ids,
      case when (select count(*) from rung) < ${limit} then (${untilDue}) else 0 end as ms`.execute(
    db,
  );
  const [row] = rows;
  return { ids: row?.ids ?? [], nextMs: inFuture(row?.ms) };
}

/** For whoever rings next, now: who was rung is stopping. */
export async function unring(db: Db, ids: readonly string[]): Promise<void> {
  await sql`
    update job set rung_at = null
    where id = any (${ids}::uuid[]) and claim is null and ${STILL_UNFINISHED}`.execute(db);
}

/** Milliseconds until the next job can be claimed; undefined when none waits. */
export async function dueInMs(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ ms: number | null }>`
    with recursive ${busyLanes}, waiting as (${waitingJobs(sql`null::timestamptz`, sql`true`)})
    ${untilDue}`.execute(db);
  return inFuture(rows[0]?.ms);
}

function waitingJobs(rungUntil: RawBuilder<unknown>, which: RawBuilder<unknown>) {
  return sql`
    select min(greatest(run_at, leased_until, ${rungUntil})) as due from job
    where lane is null and ${UNFINISHED} and run_at <= deskline_now() and ${which}
    union all -- thousands may be for later, all of them unclaimed: the index has the first
    select min(run_at) from job where lane is null and ${UNFINISHED} and run_at > deskline_now()
    union all
    select min(greatest(head.run_at, head.leased_until, ${rungUntil}, lane.next_at, lane.leased_until))
    from head join lane on lane.key = head.lane where ${which}`;
}

function inFuture(ms: number | null | undefined): number | undefined {
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

function isSilent(table: "job" | "head"): RawBuilder<boolean> {
  const rungAt = sql.ref(`${table}.rung_at`);
  return sql`(${rungAt} is null or ${rungAt} <= deskline_now() - ${RING_AGAIN})`;
}

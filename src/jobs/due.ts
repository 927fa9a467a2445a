import { type RawBuilder, sql } from "kysely";

/** Which jobs are due, in the words of SQL that claims and rings share. */

export const UNFINISHED = sql`job.done_at is null and job.dead_at is null`;
// The same, asked of rows found by their id: in words that match no partial index. A planner that remembers an empty
// table takes such an index to be empty, and walked all waiting jobs once for each job looked for (100 times slower).
export const STILL_UNFINISHED = sql`coalesce(job.done_at, job.dead_at) is null`;

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

/** Of the tables `latest`, `in_lanes` and `plain`. */
export function inTurn(limit: number): RawBuilder<unknown> {
  return sql`
    select id from (
      select id, due, 0 as turn from latest
      union all
      select id, due, 1 from (table in_lanes union all table plain) as others
    ) as candidate
    group by id order by min(turn), min(due) limit ${limit}`;
}

/** Of an odd number now the smaller half, now the larger: a worker often has one place to give. */
export function half(limit: number): number {
  return Math.floor((limit + Math.round(Math.random())) / 2);
}

export function isDue(table: "job" | "head"): RawBuilder<boolean> {
  const [runAt, leasedUntil] = [sql.ref(`${table}.run_at`), sql.ref(`${table}.leased_until`)];
  return sql`${runAt} <= deskline_now() and (${leasedUntil} is null or ${leasedUntil} <= deskline_now())`;
}

export function isFree(): RawBuilder<boolean> {
  return sql`lane.next_at <= deskline_now()
    and (lane.leased_until is null or lane.leased_until <= deskline_now())`;
}

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

// Of five places three are for what has just come, one for messages of lanes and one for what has waited longest; what
// one kind does not need, the others have. With two for the newest, a few of them waited for minutes beside 20,000.
const SHARES = { latest: 3, in_lanes: 1, plain: 1 };

// Never postponed: when a desk is back, the next try of each of 20,000 is younger than who files now.
const IS_NEW = sql`job.run_at = job.due_at`;

/** Of the tables `latest`, `in_lanes` and `plain`. Each begins anywhere in its share: often there is one place to give. */
export function inTurn(limit: number): RawBuilder<unknown> {
  const placed = Object.entries(SHARES).map(
    ([table, share]) => sql`
      select id, (row_number() over (order by due ${table === "latest" ? sql`desc` : sql``})
        - ${Math.random()}::float8) / ${sql.lit(share)} as place
      from ${sql.table(table)}`,
  );
  return sql`
    select id from (${sql.join(placed, sql` union all `)}) as candidate
    group by id order by min(place) limit ${limit}`;
}

/** The tables `plain` and `latest` of jobs without a lane, up to `limit` of each. */
export function plainAndLatest(
  limit: number,
  { only, lock = sql`` }: { only?: RawBuilder<boolean>; lock?: RawBuilder<unknown> } = {},
): RawBuilder<unknown> {
  const due = sql`
    select id, run_at as due from job
    where lane is null and ${UNFINISHED} and ${isDue("job")} ${only ? sql`and ${only}` : sql``}`;
  return sql`
    plain as (${due} order by run_at limit ${limit} ${lock}),
    latest as (${due} and ${IS_NEW} order by run_at desc limit ${limit} ${lock})`;
}

export function isDue(table: "job" | "head"): RawBuilder<boolean> {
  const [runAt, leasedUntil] = [sql.ref(`${table}.run_at`), sql.ref(`${table}.leased_until`)];
  return sql`${runAt} <= deskline_now() and (${leasedUntil} is null or ${leasedUntil} <= deskline_now())`;
}

export function isFree(): RawBuilder<boolean> {
  return sql`lane.next_at <= deskline_now()
    and (lane.leased_until is null or lane.leased_until <= deskline_now())`;
}

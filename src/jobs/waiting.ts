import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import { busyLanes, isDue, isFree, UNFINISHED } from "./due.ts";

/** What waits now, however short. A job may be both open and tried again. */
export type Waiting = {
  /** Could have been taken, and no worker has, with all behind them in their lanes; since when, in seconds. */
  open: number;
  openS: number;
  /** In the hands of a worker. */
  running: number;
  /** Failed before, and not done; the commonest of their last errors. */
  retried: number;
  reasons: { error: string; jobs: number }[];
  /** Behind others in a lane that a worker has, or that pauses. */
  behind: number;
};

const REASONS = 3;

/** One walk over what is not done, as the metrics take it at each scrape: 0.1 s for 20,000 jobs, a second when each has its own lane. */
export async function seeWaiting(db: Db): Promise<Waiting> {
  const { rows } = await sql<Waiting>`
    with recursive ${busyLanes},
    turn as (
      select head.lane, greatest(head.run_at, head.leased_until, lane.next_at, lane.leased_until) as since,
        head.id, coalesce(${isDue("head")} and ${isFree()}, false) as is_open
      from head left join lane on lane.key = head.lane
    ),
    unfinished as ( -- two parts, for each has an index of its own
      select last_error, leased_until > deskline_now() as is_running, ${isDue("job")} as is_open,
        greatest(run_at, leased_until) as since, false as is_behind
      from job where lane is null and ${UNFINISHED}
      union all
      select last_error, leased_until > deskline_now(), turn.is_open, turn.since,
        not turn.is_open and turn.id <> job.id
      from job join turn using (lane) where job.lane is not null and ${UNFINISHED}
    ),
    reason as (
      select last_error as error, count(*)::int as jobs from unfinished
      where last_error is not null group by 1 order by 2 desc, 1 limit ${REASONS}
    )
    select count(*) filter (where is_open)::int as open,
      coalesce(extract(epoch from deskline_now() - min(since) filter (where is_open)), 0)::float8 as "openS",
      count(*) filter (where is_running)::int as running,
      count(*) filter (where last_error is not null)::int as retried,
      count(*) filter (where is_behind and last_error is null)::int as behind,
      (select coalesce(json_agg(reason), '[]') from reason) as reasons
    from unfinished`.execute(db);
  const [waiting] = rows;
  if (!waiting) throw new Error("a count has no row");
  return waiting;
}

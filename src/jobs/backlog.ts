import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import { busyLanes, UNFINISHED } from "./due.ts";
import { kindOfLane, type LaneKind } from "./lanes.ts";

/** `retrying`: tried before. `scheduled`: not due yet. */
export type JobState = "scheduled" | "waiting" | "retrying" | "running" | "dead";

export type Backlog = {
  lane: LaneKind | "none" | "other";
  state: JobState;
  jobs: number;
  /** Since the oldest of them was first due. */
  oldestS: number;
}[];

/** All that is not done, by the kind of its lane. */
export async function seeBacklog(db: Db): Promise<Backlog> {
  const facts = sql`split_part(lane, '/', 1) as kind, attempts, leased_until, run_at, due_at`;
  const { rows } = await sql<{
    kind: string | null;
    state: JobState;
    jobs: number;
    oldestS: number;
  }>`
    with unfinished as ( -- two parts, for each has an index of its own
      select ${facts} from job where lane is null and ${UNFINISHED}
      union all
      select ${facts} from job where lane is not null and ${UNFINISHED}
    ),
    seen as (
      select kind, due_at, case
        when leased_until > deskline_now() then 'running'
        when attempts > 0 then 'retrying'
        when run_at > deskline_now() then 'scheduled'
        else 'waiting' end as state
      from unfinished
      union all
      select split_part(lane, '/', 1), due_at, 'dead' from job where dead_at is not null
    )
    select kind, state, count(*)::int as jobs,
      greatest(0, extract(epoch from deskline_now() - min(due_at)))::float8 as "oldestS"
    from seen group by kind, state`.execute(db);
  return rows.map(({ kind, ...row }) => ({ ...row, lane: laneOf(kind) }));
}

function laneOf(kind: string | null): Backlog[number]["lane"] {
  return kind === null ? "none" : (kindOfLane(`${kind}/`) ?? "other");
}

/** How long the longest, in seconds, a job could have been claimed for, and no worker did. */
export async function unclaimedFor(db: Db): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    with recursive ${busyLanes},
    claimable as (
      select min(greatest(run_at, leased_until)) as since from job where lane is null and ${UNFINISHED}
        and run_at <= deskline_now()
      union all
      select min(greatest(head.run_at, head.leased_until, lane.next_at, lane.leased_until))
      from head join lane on lane.key = head.lane
    )
    select greatest(0, extract(epoch from deskline_now() - min(since)))::float8 as seconds
    from claimable`.execute(db);
  return rows[0]?.seconds ?? 0;
}

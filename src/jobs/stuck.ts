import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import { type JobSeen, type Listed, SEEN, TOTAL } from "./dead.ts";
import { busyLanes, UNFINISHED } from "./due.ts";

/** Unfinished for long. `behind`: how many wait for it in its lane. */
export type HangingJob = JobSeen & { behind: number };

const LONG = sql`interval '10 minutes'`; // the waits of an ordinary hiccup end far earlier

/** What was first due long ago and is still not done: plain jobs, and the first of each lane. Oldest first. */
export async function findHangingJobs(db: Db, limit: number): Promise<Listed<HangingJob>> {
  const { rows: jobs } = await sql<HangingJob & { total: number }>`
    with recursive ${busyLanes},
    first as (
      select id from job where lane is null and ${UNFINISHED}
        and due_at < deskline_now() - ${LONG}
      union all
      select id from head
    )
    select ${SEEN}, ${TOTAL}, (
        select count(*)::int from job as other where other.lane = job.lane and other.id <> job.id
          and other.done_at is null and other.dead_at is null
      ) as behind
    from job join first using (id)
    where due_at < deskline_now() - ${LONG}
    order by due_at, seq limit ${limit}`.execute(db);
  return { jobs, total: jobs[0]?.total ?? 0 };
}

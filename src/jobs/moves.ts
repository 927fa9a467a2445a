import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { JobName } from "./catalogue.ts";
import type { Lane } from "./lanes.ts";
import { after, openedLanes, ringWorkers } from "./queue.ts";

const UNFINISHED = sql`job.done_at is null and job.dead_at is null`;

/**
 * Takes the job under way out of its lane, to the end of another, or into none, where it keeps its number in the order:
 * it waits for something that may stand behind it. One that was gathered into a lane while it ran stays there. False when
 * another job like it stands there already, so that this one is needless.
 */
export async function moveJob(db: Db, jobId: string, to: Lane | null): Promise<boolean> {
  const { rows } = await sql<{ isNeedless: boolean }>`
    with ${to ? sql`${openedLanes([to])},` : sql``}
    moving as (
      select id, name, payload, lane, claim from job where id = ${jobId} and lane is distinct from ${to}
        ${to ? sql`` : sql`and exists (select from lane where lane.key = job.lane and lane.claim = job.claim)`}
    ),
    twin as (
      select from job join moving on job.id <> moving.id
      where job.lane = ${to} and job.name = moving.name and job.payload = moving.payload and ${UNFINISHED}
    ),
    freed as (
      update lane set claim = null, leased_until = null, next_at = deskline_now() from moving
      where lane.key = moving.lane and lane.claim = moving.claim returning key
    ),
    moved as (
      update job set lane = ${to} ${to ? sql`, seq = default` : sql``} from moving
      where job.id = moving.id and ${after("freed")} and not exists (select from twin)
    )
    select exists (select from twin) as "isNeedless"`.execute(db);
  return !rows[0]?.isNeedless;
}

/**
 * The jobs of one ticket that wait, wherever they do, go on through this lane in the order in which they came. How often
 * they looked in vain does not count: after their next failure all of the lane would rest for up to a minute.
 */
export async function gatherJobs(
  tx: Tx,
  what: { ticketId: string; names: readonly JobName[] },
  lane: Lane,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    with ${openedLanes([lane])}
    select id from job
    where payload ->> 'ticketId' = ${what.ticketId} and name in (${sql.join(what.names)}) and ${UNFINISHED}
      and (claim is null or lane is null) -- one that runs in a lane is about to end in it
    order by seq for update`.execute(tx);
  for (const { id } of rows) {
    await sql`
      update job set lane = ${lane}, seq = default, run_at = deskline_now(), rung_at = null, attempts = 0
      where id = ${id}`.execute(tx);
  }
  if (rows.length > 0) await ringWorkers(tx);
}

/** The jobs of this name about this part of a ticket, which wait for a moment, do not wait for it any longer. */
export async function hurryJobs(
  tx: Tx,
  { ticketId, name, part }: { ticketId: string; name: JobName; part: Record<string, string> },
): Promise<void> {
  await sql`
    update job set run_at = least(run_at, deskline_now()), due_at = least(due_at, deskline_now()), rung_at = null
    where payload ->> 'ticketId' = ${ticketId} and name = ${name} and payload @> ${JSON.stringify(part)}::jsonb
      and claim is null and ${UNFINISHED}`.execute(tx);
  await ringWorkers(tx);
}

/** What waits in a lane goes on at once: the place that it is for can be written to again. */
export async function hurryLane(db: Db, lane: Lane): Promise<void> {
  await sql`
    with hurried as (
      update lane set next_at = deskline_now() where key = ${lane} and claim is null returning key
    )
    update job set run_at = deskline_now(), rung_at = null
    where lane = ${lane} and claim is null and ${UNFINISHED} and ${after("hurried")}`.execute(db);
  await ringWorkers(db);
}

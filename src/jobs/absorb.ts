import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import { LostLease } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import type { JobName, JobPayload } from "./catalogue.ts";
import { type ClaimedJob, keepClaim } from "./queue.ts";

/** What the job under way becomes, and the waiting jobs whose work is then its own. */
export type Absorbed<N extends JobName> = { name: N; payload: JobPayload<N>; jobIds: string[] };

/** In one commit: the job takes over the work of others that wait, and those are done. Nothing was sent for any of them. */
export async function absorb<N extends JobName>(
  db: Db,
  job: ClaimedJob,
  how: { kind: "digest" | "catch-up"; choose(tx: Tx): Promise<Absorbed<N> | undefined> },
): Promise<JobPayload<N> | undefined> {
  const absorbed = await db.transaction().execute(async (tx) => {
    if (!(await keepClaim(tx, job))) throw new LostLease(job.id);
    const chosen = await how.choose(tx);
    if (!chosen) return undefined;
    await becomeAndFinish(tx, job, chosen);
    await faultPoint(`${how.kind}.before-commit`);
    return chosen;
  });
  if (!absorbed) return undefined;
  const { name, payload } = absorbed;
  Object.assign(job, { name, payload }); // whatever fails from here on fails as what it is now
  await faultPoint(`${how.kind}.after-commit`);
  return payload;
}

async function becomeAndFinish<N extends JobName>(
  tx: Tx,
  job: ClaimedJob,
  { name, payload, jobIds }: Absorbed<N>,
): Promise<void> {
  await sql`
    update job set name = ${name}, payload = ${JSON.stringify(payload)} where id = ${job.id}`.execute(
    tx,
  );
  await sql`
    update job set done_at = deskline_now(), last_error = ${`absorbed by ${job.id}`}
    where id = any(${jobIds}::uuid[]) and id <> ${job.id}`.execute(tx);
}

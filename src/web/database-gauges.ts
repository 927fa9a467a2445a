import type { Registry } from "prom-client";
import type { Db } from "#db/connect.ts";
import { countOpenNotices } from "#db/notices.ts";
import { type Backlog, seeBacklog, unclaimedFor } from "#jobs/backlog.ts";
import { gaugeIn } from "#metrics.ts";

/** What the database knows of the whole installation; every process shows the same. */
type Seen = { backlog: Backlog; unclaimedS: number; notices: Record<string, number> };

export async function seeDatabase(db: Db): Promise<Seen> {
  const [backlog, unclaimedS, notices] = await Promise.all([
    seeBacklog(db),
    unclaimedFor(db),
    countOpenNotices(db),
  ]);
  return { backlog, unclaimedS, notices };
}

/** Undefined, when the database did not answer: then they are absent, for 0 would be a lie. */
export function createDatabaseGauges(registry: Registry): (seen: Seen | undefined) => void {
  const up = gaugeIn(registry, "database_up", { help: "1 when the database answered this scrape" });
  const jobs = gaugeIn(registry, "queue_jobs", {
    help: "Jobs that are not done",
    labels: ["lane", "state"],
  });
  const age = gaugeIn(registry, "queue_age_seconds", {
    help: "Age of the oldest job that is not done, since it was first due",
    labels: ["lane", "state"],
  });
  const unclaimed = gaugeIn(registry, "queue_unclaimed_seconds", {
    help: "How long the longest a job could have been claimed for, and no worker did",
  });
  const notices = gaugeIn(registry, "operator_notices", {
    help: "What waits for the operator, as `deskline notices` lists it",
    labels: ["notice"],
  });

  return (seen) => {
    up.set(seen ? 1 : 0);
    for (const gauge of [jobs, age, notices]) gauge.reset();
    unclaimed.remove(); // without labels, a reset would make it 0
    if (!seen) return;
    for (const { lane, state, jobs: count, oldestS } of seen.backlog) {
      jobs.set({ lane, state }, count);
      age.set({ lane, state }, oldestS);
    }
    unclaimed.set(seen.unclaimedS);
    for (const [notice, count] of Object.entries(seen.notices)) notices.set({ notice }, count);
  };
}

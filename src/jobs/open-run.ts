import type { Db } from "#db/connect.ts";
import { LostLease } from "#errors.ts";
import { absorb } from "./absorb.ts";
import type { Run } from "./handlers.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { saveIntent } from "./outside-writes.ts";
import { type ClaimedJob, finishWith, keepClaim, SPARE_MS } from "./queue.ts";
import { startWatch } from "./watch.ts";

/** The run of a claimed job, as its handler sees it: what it saves is this worker's, or is not saved. */
export function openRun(
  db: Db,
  job: ClaimedJob,
  signal: AbortSignal,
  heartbeat?: Pick<Heartbeat, "sinceKept">,
): Run {
  let hasEnded = false;
  let sinceKept = startWatch();
  return {
    id: job.id,
    attempt: job.attempts,
    ageMs: job.ageMs,
    signal,
    async keepLease() {
      signal.throwIfAborted();
      const sinceAsked = startWatch();
      if (!(await keepClaim(db, job))) throw new LostLease(job.id);
      sinceKept = sinceAsked;
    },
    async intend(key) {
      signal.throwIfAborted();
      const sinceAsked = startWatch();
      const intent = await saveIntent(db, key, job);
      if (intent === "lost") throw new LostLease(job.id);
      sinceKept = sinceAsked;
      return intent === "new";
    },
    mustHold() {
      // A process that was stopped, or a machine that slept, goes on in the middle of a step. What is left of the lease
      // must be enough for one call.
      const since = Math.min(sinceKept(), heartbeat?.sinceKept() ?? Number.POSITIVE_INFINITY);
      if (since > Math.min(SPARE_MS, job.leaseMs)) throw new LostLease(job.id);
    },
    async finish(change) {
      hasEnded = await finishWith(db, job, change);
      return hasEnded;
    },
    hasEnded: () => hasEnded,
    absorb(kind, choose) {
      signal.throwIfAborted();
      return absorb(db, job, { kind, choose });
    },
  };
}

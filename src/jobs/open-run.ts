import type { Db } from "#db/connect.ts";
import { LostLease } from "#errors.ts";
import { absorb } from "./absorb.ts";
import type { Run } from "./handlers.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { saveIntent } from "./outside-writes.ts";
import { type ClaimedJob, finishWith, keepClaim, SPARE_MS } from "./queue.ts";

/** The run of a claimed job, as its handler sees it: what it saves is this worker's, or is not saved. */
export function openRun(
  db: Db,
  job: ClaimedJob,
  signal: AbortSignal,
  heartbeat?: Pick<Heartbeat, "keptAt">,
): Run {
  let hasEnded = false;
  let keptAt = performance.now();
  return {
    id: job.id,
    attempt: job.attempts,
    ageMs: job.ageMs,
    signal,
    async keepLease() {
      signal.throwIfAborted();
      const askedAt = performance.now();
      if (!(await keepClaim(db, job))) throw new LostLease(job.id);
      keptAt = askedAt;
    },
    async intend(key) {
      signal.throwIfAborted();
      const askedAt = performance.now();
      const intent = await saveIntent(db, key, job);
      if (intent === "lost") throw new LostLease(job.id);
      keptAt = askedAt;
      return intent === "new";
    },
    mustHold() {
      // A process that was stopped, or a machine that slept, goes on in the middle of a step. What is left of the lease
      // must be enough for one call.
      const last = Math.max(keptAt, heartbeat?.keptAt() ?? 0);
      if (performance.now() - last > Math.min(SPARE_MS, job.leaseMs)) throw new LostLease(job.id);
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

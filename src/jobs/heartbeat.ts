import type { Db } from "#db/connect.ts";
import { LostLease } from "#errors.ts";
import { type ClaimedJob, keepClaim } from "./queue.ts";
import { startWatch } from "./watch.ts";

const BEATS = 6; // in a lease: two may fail before the job must stop

/** Aborted, with LostLease, when another worker has the job or may have it soon. */
export type Heartbeat = Disposable & {
  signal: AbortSignal;
  /** Milliseconds since the lease was last asked for and got. */
  sinceKept(): number;
};

/** Renews the lease of a job for as long as it runs, so that a long one is not taken for dead. */
export function startHeartbeat(db: Db, job: ClaimedJob): Heartbeat {
  const lost = new AbortController();
  let sinceKept = startWatch();
  let isAsking = false;

  async function beat(): Promise<void> {
    if (sinceKept() > (job.leaseMs * 4) / BEATS) return lost.abort(new LostLease(job.id));
    if (isAsking) return;
    isAsking = true;
    const sinceAsked = startWatch();
    try {
      if (await keepClaim(db, job)) sinceKept = sinceAsked;
      else lost.abort(new LostLease(job.id));
    } catch {
      // The database does not answer: the next beat asks again, while the lease lasts.
    } finally {
      isAsking = false;
    }
  }

  const timer = setInterval(() => void beat(), job.leaseMs / BEATS);
  return {
    signal: lost.signal,
    sinceKept: () => sinceKept(),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

import type { Logger } from "pino";
import type { Db } from "#db/connect.ts";
import { LostLease } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import type { JobOutcome, Metrics } from "#metrics.ts";
import { killsWorkers, recordFailure } from "./failure.ts";
import { type Handlers, handlerOf, isKnown } from "./handlers.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { kindOfLane } from "./lanes.ts";
import { openRun } from "./open-run.ts";
import { type ClaimedJob, finishJob, handBackJob } from "./queue.ts";

const MAX_LEASES = 4; // one outside call takes less than one; what takes longer than this hangs
const LAST_WORD_MS = 1000; // after the abort, for the job's own error

export type WorkerContext = {
  db: Db;
  handlers: Handlers;
  log: Logger;
  metrics: Metrics;
  /** As `leaseFor` says; the usual one when absent. */
  leaseMs?: number;
  /** Ends this process: it can no longer work, and a new one may. */
  giveUp(): void;
};
export type JobContext = Omit<WorkerContext, "giveUp"> & { stopping: AbortSignal };

/** Runs one claimed job and records how it ended. Never throws. */
export async function runJob(context: JobContext, job: ClaimedJob): Promise<void> {
  const { ageMs, waitedMs } = job;
  const lane = job.lane ? kindOfLane(job.lane) : undefined;
  const name = isKnown(job.name) ? job.name : "unknown";
  const ended = context.metrics.beginJob({ name, lane, ageMs, waitedMs });
  ended(await runToItsEnd(context, job));
}

async function runToItsEnd(context: JobContext, job: ClaimedJob): Promise<JobOutcome> {
  const { db, stopping } = context;
  try {
    await faultPoint("job.after-claim");
    stopping.throwIfAborted();
    if (killsWorkers(job)) throw new Error("its workers died while running it");
    const { hasEnded } = await handle(context, job);
    if (!hasEnded) await finishJob(db, job);
    return "done";
  } catch (error) {
    return recordFailure(context, job, error);
  }
}

async function handle({ db, handlers, stopping }: JobContext, job: ClaimedJob) {
  const { handler, payload } = handlerOf(handlers, job);
  using heartbeat = startHeartbeat(db, job);
  const limit = AbortSignal.timeout(MAX_LEASES * job.leaseMs);
  const signal = AbortSignal.any([heartbeat.signal, limit, stopping]);
  const run = openRun(db, job, signal, heartbeat);
  try {
    await orAborted(handler.run(payload, run), signal);
    return { hasEnded: run.hasEnded() };
  } catch (error) {
    if (heartbeat.signal.aborted) throw heartbeat.signal.reason; // its work may go on
    // Moved to another lane while it ran, it is still this worker's: its next run need not wait for the lease.
    if (error instanceof LostLease) await handBackJob(db, job).catch(() => {});
    throw error;
  }
}

/** A job that does not hear the signal must not hold its slot for ever. Its lease is what stops it then. */
async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const deaf = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => deaf.reject(new Error("it did not end in time")), LAST_WORD_MS);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([work, deaf.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

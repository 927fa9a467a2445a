import type { Logger } from "pino";
import { isAway } from "#db/away.ts";
import type { Db, Tx } from "#db/connect.ts";
import { LostLease, Problem, Quote, Refused, RetryLater } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import type { JobOutcome, Metrics } from "#metrics.ts";
import { absorb } from "./absorb.ts";
import { backoffMs, toldMs } from "./backoff.ts";
import { type Handlers, handlerOf, isKnown, isReadable } from "./handlers.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { kindOfLane } from "./lanes.ts";
import { saveIntent } from "./outside-writes.ts";
import {
  buryJob,
  type ClaimedJob,
  finishJob,
  finishWith,
  handBackJob,
  keepClaim,
  postponeJob,
} from "./queue.ts";

const MAX_FAILURES = 5; // bugs and unknown errors; a known "not now" may wait for days
const MAX_REFUSALS = 4;
const MAX_CRASHES = 5; // claims that ended with the death of their worker
const MAX_AGE_MS = 30 * 24 * 3_600_000; // a broken channel may be mended weeks later, and what waited is posted then
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
  const { db, log, stopping } = context;
  const facts = { jobId: job.id, job: job.name, attempt: job.attempts };
  try {
    await faultPoint("job.after-claim");
    stopping.throwIfAborted();
    if (job.crashes >= MAX_CRASHES) throw new Error("its workers died while running it");
    const { hasEnded } = await handle(context, job);
    if (!hasEnded) await finishJob(db, job);
    return "done";
  } catch (error) {
    if (error instanceof LostLease) {
      log.warn(facts, "another worker has taken the job over");
      return "taken-over";
    }
    const failure = isAway(error)
      ? new RetryLater("the database was away", { cause: error })
      : error;
    return recordFailure(context, job, failure).catch((cause: unknown) => {
      if (!stopping.aborted) log.error({ ...facts, err: cause }, "the job's outcome was not saved");
      return "unsaved" as const;
    });
  }
}

async function handle({ db, handlers, stopping }: JobContext, job: ClaimedJob) {
  const { handler, payload } = handlerOf(handlers, job);
  let hasEnded = false;
  let keptAt = performance.now();
  using heartbeat = startHeartbeat(db, job);
  const limit = AbortSignal.timeout(MAX_LEASES * job.leaseMs);
  const signal = AbortSignal.any([heartbeat.signal, limit, stopping]);
  const work = handler.run(payload, {
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
      // A process that was stopped, or a machine that slept, goes on in the middle of a step.
      if (performance.now() - keptAt > job.leaseMs) throw new LostLease(job.id);
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
  });
  try {
    await orAborted(work, signal);
    return { hasEnded };
  } catch (error) {
    throw heartbeat.signal.aborted ? heartbeat.signal.reason : error;
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

async function recordFailure(
  context: JobContext,
  job: ClaimedJob,
  error: unknown,
): Promise<JobOutcome> {
  const { db, log, stopping } = context;
  if (stopping.aborted) {
    await handBackJob(db, job);
    return "handed-back";
  }
  const facts = { jobId: job.id, job: job.name, attempt: job.attempts };
  const obstacle = isFinal(job, error) ? await giveUp(context, job, error) : { error };
  if (!obstacle) {
    log.error({ ...facts, err: error }, "job given up; see `deskline jobs show`");
    return "given-up";
  }

  const later = obstacle.error instanceof RetryLater;
  const told = later ? toldMs((obstacle.error as RetryLater).afterMs) : undefined;
  const afterMs = told ?? backoffMs(later ? job.attempts : job.failures + 1);
  await postponeJob(db, job, { afterMs, error: describe(obstacle.error), failed: !later });
  const reason = describe(obstacle.error, "without quotes");
  log.warn({ ...facts, afterMs, reason }, "job will run again");
  return later ? "later" : "failed";
}

function isFinal(job: ClaimedJob, error: unknown): boolean {
  if (error instanceof Problem) return true;
  if (error instanceof RetryLater) return job.ageMs > MAX_AGE_MS;
  const tries = error instanceof Refused ? MAX_REFUSALS : MAX_FAILURES;
  return job.failures + 1 >= tries || job.crashes >= MAX_CRASHES;
}

/** The row for the operator and the sentence for the person, or neither: then it answers what was in the way. */
async function giveUp(
  { db, handlers, log }: JobContext,
  job: ClaimedJob,
  error: unknown,
): Promise<{ error: unknown } | undefined> {
  // Whoever it is for stands in what cannot be read; and a lane must not wait for ever.
  const isHopeless = !isReadable(job) || job.failures >= 2 * MAX_FAILURES;
  try {
    await db.transaction().execute(async (tx) => {
      if (!(await buryJob(tx, job, describe(error))) || isHopeless) return;
      await tellThePerson(handlers, tx, job, error);
    });
  } catch (cause) {
    return { error: new Error("nobody could be told that it was given up", { cause }) };
  }
  if (isHopeless) log.error({ jobId: job.id }, "a job was given up and nobody could be told");
  return undefined;
}

async function tellThePerson(handlers: Handlers, tx: Tx, job: ClaimedJob, error: unknown) {
  const { handler, payload } = handlerOf(handlers, job);
  await handler.bury?.(tx, payload, {
    reference: job.id.slice(0, 8),
    ...(error instanceof Problem && { problem: error }),
  });
}

/** With its causes. What others said word for word is for the operator's row; the log goes without. */
function describe(error: unknown, how?: "without quotes"): string {
  const causes: unknown[] = [];
  for (let next = error; next; next = next instanceof Error ? next.cause : undefined) {
    if (!(how && next instanceof Quote)) causes.push(next);
  }
  const [first, ...deeper] = causes.map(String);
  const text = [first, ...deeper.map((cause) => `(${cause})`)].join(" ");
  return text.replaceAll("\0", "").slice(0, 2000); // PostgreSQL keeps no NUL
}

import { isAway } from "#db/away.ts";
import type { Tx } from "#db/connect.ts";
import { LostLease, Problem, Quote, Refused, RetryLater } from "#errors.ts";
import type { JobOutcome } from "#metrics.ts";
import { backoffMs, toldMs } from "./backoff.ts";
import { type Handlers, handlerOf, isReadable } from "./handlers.ts";
import { buryJob, type ClaimedJob, handBackJob, postponeJob } from "./queue.ts";
import type { JobContext } from "./run.ts";

const MAX_FAILURES = 5; // bugs and unknown errors; a known "not now" may wait for days
const MAX_REFUSALS = 4;
// Claims that ended with the death of their worker. It may have been another job's doing: with five, good ones were given
// up beside ten deaths of a machine on which each start outlasted a lease.
const MAX_CRASHES = 10;
const MAX_AGE_MS = 30 * 24 * 3_600_000; // a broken channel may be mended weeks later, and what waited is posted then

/** What becomes of a job whose run failed: another worker's, handed back, postponed, or given up. Never throws. */
export async function recordFailure(
  context: JobContext,
  job: ClaimedJob,
  error: unknown,
): Promise<JobOutcome> {
  const { log, stopping } = context;
  if (error instanceof LostLease) {
    log.warn(factsOf(job), "another worker has taken the job over");
    return "taken-over";
  }
  const failure = isAway(error) ? new RetryLater("the database was away", { cause: error }) : error;
  return saveOutcome(context, job, failure).catch((cause: unknown) => {
    if (!stopping.aborted) {
      log.error({ ...factsOf(job), err: cause }, "the job's outcome was not saved");
    }
    return "unsaved" as const;
  });
}

async function saveOutcome(
  context: JobContext,
  job: ClaimedJob,
  error: unknown,
): Promise<JobOutcome> {
  const { db, log, stopping } = context;
  if (stopping.aborted) {
    await handBackJob(db, job);
    return "handed-back";
  }
  const obstacle = isFinal(job, error) ? await giveUp(context, job, error) : { error };
  if (obstacle) return postpone(context, job, obstacle.error);
  log.error({ ...factsOf(job), err: error }, "job given up; see `deskline jobs show`");
  return "given-up";
}

function isFinal(job: ClaimedJob, error: unknown): boolean {
  if (error instanceof Problem) return true;
  if (error instanceof RetryLater) return job.ageMs > MAX_AGE_MS;
  const tries = error instanceof Refused ? MAX_REFUSALS : MAX_FAILURES;
  return job.failures + 1 >= tries || killsWorkers(job);
}

export function killsWorkers(job: ClaimedJob): boolean {
  return job.crashes >= MAX_CRASHES;
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

async function postpone(
  { db, log }: JobContext,
  job: ClaimedJob,
  error: unknown,
): Promise<JobOutcome> {
  const later = error instanceof RetryLater;
  const told = later ? toldMs(error.afterMs) : undefined;
  const afterMs = told ?? backoffMs(later ? job.attempts : job.failures + 1);
  await postponeJob(db, job, { afterMs, error: describe(error), failed: !later });
  const reason = describe(error, "without quotes");
  log.warn({ ...factsOf(job), afterMs, reason }, "job will run again");
  return later ? "later" : "failed";
}

function factsOf(job: ClaimedJob) {
  return { jobId: job.id, job: job.name, attempt: job.attempts };
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

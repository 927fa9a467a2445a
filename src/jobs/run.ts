import type { Logger } from "pino";
import type { Db, Tx } from "#db/connect.ts";
import { LostLease, Problem, RetryLater } from "#errors.ts";
import { type JobName, type JobPayload, jobSchemas } from "./catalogue.ts";
import {
  buryJob,
  type ClaimedJob,
  finishJob,
  handBackJob,
  keepClaim,
  LEASE_MS,
  postponeJob,
} from "./queue.ts";

const MAX_FAILURES = 5; // bugs and unknown errors; a known "not now" may wait for days
const MAX_CRASHES = 5; // claims that ended with the death of their worker
const MAX_AGE_MS = 30 * 24 * 3_600_000; // a broken channel may be mended weeks later, and what waited is posted then

/** What a handler may know of the run it is in. */
export type Run = {
  id: string;
  attempt: number;
  /** Aborted 5 s before the lease ends, and when the worker stops. */
  signal: AbortSignal;
  /** Call right before an outside write. Throws LostLease when another worker has taken over. */
  keepLease(): Promise<void>;
};

export type JobHandler<N extends JobName> = {
  run(payload: JobPayload<N>, run: Run): Promise<void>;
  /** In the transaction of the burial: what the person must be told. `reference` finds the row again. */
  bury?(
    tx: Tx,
    payload: JobPayload<N>,
    why: { problem?: Problem; reference: string },
  ): Promise<void>;
};
export type Handlers = { [N in JobName]: JobHandler<N> };
export type JobContext = { db: Db; handlers: Handlers; log: Logger; stopping: AbortSignal };

/** Runs one claimed job and records how it ended. Never throws. */
export async function runJob(context: JobContext, job: ClaimedJob): Promise<void> {
  const { db, log, stopping } = context;
  const facts = { jobId: job.id, job: job.name, attempt: job.attempts };
  try {
    if (job.crashes >= MAX_CRASHES) throw new Error("its workers died while running it");
    await handle(context, job);
    await finishJob(db, job);
  } catch (error) {
    if (error instanceof LostLease) return log.warn(facts, "another worker has taken the job over");
    await recordFailure(context, job, error).catch((cause: unknown) => {
      if (!stopping.aborted) log.error({ ...facts, err: cause }, "the job's outcome was not saved");
    });
  }
}

async function handle({ db, handlers, stopping }: JobContext, job: ClaimedJob): Promise<void> {
  const { handler, payload } = handlerOf(handlers, job);
  const limit = AbortSignal.timeout(LEASE_MS - 5000);
  await handler.run(payload, {
    id: job.id,
    attempt: job.attempts,
    signal: AbortSignal.any([limit, stopping]),
    async keepLease() {
      if (!(await keepClaim(db, job))) throw new LostLease(job.id);
    },
  });
}

async function recordFailure(context: JobContext, job: ClaimedJob, error: unknown): Promise<void> {
  const { db, log, stopping } = context;
  if (stopping.aborted) return handBackJob(db, job);
  const facts = { jobId: job.id, job: job.name, attempt: job.attempts };
  if (isFinal(job, error)) {
    await giveUp(context, job, error);
    return log.error({ ...facts, err: error }, "job given up; see `deskline jobs show`");
  }
  const later = error instanceof RetryLater;
  const afterMs =
    (later ? error.afterMs : undefined) ?? backoffMs(later ? job.attempts : job.failures + 1);
  await postponeJob(db, job, { afterMs, error: describe(error), failed: !later });
  log.warn({ ...facts, afterMs, reason: describe(error) }, "job will run again");
}

function isFinal(job: ClaimedJob, error: unknown): boolean {
  if (error instanceof Problem) return true;
  if (error instanceof RetryLater) return Date.now() - job.createdAt.getTime() > MAX_AGE_MS;
  return job.failures + 1 >= MAX_FAILURES || job.crashes >= MAX_CRASHES;
}

/** The row for the operator and the sentence for the person, or neither. */
async function giveUp({ db, handlers, log }: JobContext, job: ClaimedJob, error: unknown) {
  await db.transaction().execute(async (tx) => {
    if (!(await buryJob(tx, job, describe(error)))) return;
    const reference = job.id.slice(0, 8);
    try {
      const { handler, payload } = handlerOf(handlers, job);
      await handler.bury?.(tx, payload, {
        reference,
        ...(error instanceof Problem && { problem: error }),
      });
    } catch (cause) {
      log.error({ jobId: job.id, err: cause }, "nobody could be told of a job given up");
      throw cause;
    }
  });
}

function handlerOf(handlers: Handlers, job: ClaimedJob) {
  if (!Object.hasOwn(jobSchemas, job.name)) throw new Error(`there is no job "${job.name}"`);
  const name = job.name as JobName; // it is a key of jobSchemas
  // The schema and the handler share a key, which TypeScript cannot follow through the union.
  const handler = handlers[name] as JobHandler<JobName>;
  return { handler, payload: jobSchemas[name].parse(job.payload) as never };
}

/** 1, 2, 4 … 60 seconds, each between half and all of it, so that many do not come back at once. */
function backoffMs(attempt: number): number {
  const ceiling = Math.min(2 ** (attempt - 1), 60) * 1000;
  return ceiling / 2 + Math.random() * (ceiling / 2);
}

function describe(error: unknown): string {
  const text = String(error);
  const cause = error instanceof Error && error.cause ? ` (${String(error.cause)})` : "";
  return `${text}${cause}`.slice(0, 2000);
}

import { pino } from "pino";
import type { Db } from "#db/connect.ts";
import type { JobName, JobPayload } from "#jobs/catalogue.ts";
import { claimDue } from "#jobs/claims.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { openRun } from "#jobs/open-run.ts";
import { type ClaimedJob, enqueue } from "#jobs/queue.ts";
import { type JobContext, runJob } from "#jobs/run.ts";
import { createMetrics } from "#metrics.ts";

export const quiet = pino({ level: "silent" });

/** The payload that most jobs have; `ticketId` tells them apart. */
export function about(ticketId: string): { accountId: string; ticketId: string } {
  return { accountId: "acme", ticketId };
}

/** Which ticket a claimed job is about. */
export function ticketOf(job: { payload: unknown } | undefined): string | undefined {
  return (job?.payload as { ticketId?: string } | undefined)?.ticketId; // made by `about`
}

/** Enqueues in a transaction of its own. */
export async function send<N extends JobName>(
  db: Db,
  name: N,
  payload: JobPayload<N>,
  options?: Parameters<typeof enqueue<N>>[3],
): Promise<void> {
  await db.transaction().execute((tx) => enqueue(tx, name, payload, options));
}

/** Handlers for the jobs a test runs; every other one fails. */
export function handlersOf(some: Partial<Handlers>): Handlers {
  return new Proxy(some, {
    get(given, name) {
      if (Object.hasOwn(given, name)) return given[name as JobName];
      return { run: () => Promise.reject(new Error(`no test runs ${String(name)}`)) };
    },
  }) as Handlers; // every name answers
}

export function contextOf(db: Db, some: Partial<Handlers>): JobContext {
  return {
    db,
    handlers: handlersOf(some),
    log: quiet,
    metrics: createMetrics(),
    stopping: new AbortController().signal,
  };
}

/** The one job that is due. */
export async function claimTheOne(db: Db): Promise<ClaimedJob> {
  const jobs = await claimDue(db, 10);
  const [job] = jobs;
  if (!job || jobs.length > 1) throw new Error(`${jobs.length} jobs are due, not one.`);
  return job;
}

/** Claims and runs what is due, one after the other, until nothing is. */
export async function runAllDue(context: JobContext): Promise<void> {
  for (;;) {
    const jobs = await claimDue(context.db, 10);
    if (jobs.length === 0) return;
    for (const job of jobs) await runJob(context, job);
  }
}

/** The run that a handler of this job would be given. */
export function runOf(db: Db, job: ClaimedJob): Run {
  return openRun(db, job, new AbortController().signal);
}

/** All there is to know of every job, oldest first. */
export async function allJobs(db: Db) {
  return db.selectFrom("job").selectAll().orderBy("seq").execute();
}

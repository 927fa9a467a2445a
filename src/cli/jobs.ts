import { Command } from "commander";
import type { Db } from "#db/connect.ts";
import { dropDead, findDeadJobs, findJobs, hurryJob, type JobSeen, retryDead } from "#jobs/dead.ts";
import { findHangingJobs, type HangingJob } from "#jobs/stuck.ts";
import { seeWaiting } from "#jobs/waiting.ts";
import { CommandRefused } from "./refused.ts";
import { withDatabase } from "./run.ts";
import { type SubjectOf, subjectsOf } from "./subject.ts";
import { clean, table } from "./table.ts";
import { reasonIn, waitingLines } from "./waiting.ts";

const SHOWN = 100;
const NEVER_TRIED = "It was never tried: see whether a worker runs, and whether it reaches Redis.";

export function jobsCommand(): Command {
  const jobs = new Command("jobs").description("work that does not move, and another try at it");
  jobs
    .command("stuck")
    .description(
      "say what waits now and why; list what was given up, and what hangs for 10 minutes",
    )
    .action(() =>
      withDatabase(async (db, where) => {
        console.log((await listStuck(db)) ?? `No job is stuck. ${where}`);
      }),
    );
  jobs
    .command("show <id>")
    .description("show one job; the reference that a person was given is enough")
    .action((id: string) => withDatabase((db) => show(db, id)));
  jobs
    .command("retry [id]")
    .description("try a job again that was given up, or one that waits at once")
    .option("--all", "all that were given up")
    .action(retry);
  jobs.command("drop <id>").description("do without a job that was given up").action(drop);
  return jobs;
}

async function retry(id: string | undefined, { all }: { all?: boolean }): Promise<void> {
  if (Boolean(id) === Boolean(all)) throw new CommandRefused("Give the id of a job, or --all.");
  await withDatabase(async (db) => {
    const retried = id ? await retryOne(db, await oneJob(db, id)) : await retryDead(db, "all");
    console.log(retried === 1 ? "1 job will run again." : `${retried} jobs will run again.`);
  });
}

async function retryOne(db: Db, { id }: JobSeen): Promise<1> {
  if ((await retryDead(db, { id })) === 1 || (await hurryJob(db, id))) return 1;
  throw new CommandRefused("This job is done, or a worker has it just now.");
}

async function drop(reference: string): Promise<void> {
  await withDatabase(async (db) => {
    const { id, name } = await oneJob(db, reference);
    if (!(await dropDead(db, id))) throw new CommandRefused("This job was not given up.");
    console.log(`${name} ${id} will not run again.`);
  });
}

async function oneJob(db: Db, id: string): Promise<JobSeen> {
  if (!/^[0-9a-f]{8}[0-9a-f-]{0,28}$/.test(id)) {
    throw new CommandRefused(
      "An id is what `jobs stuck` lists, or at least its first 8 characters.",
    );
  }
  const [job, another] = await findJobs(db, id);
  if (!job) throw new CommandRefused(`There is no job ${id}.`);
  if (another)
    throw new CommandRefused(`More than one job begins with ${id}: give more of the id.`);
  return job;
}

async function listStuck(db: Db): Promise<string | undefined> {
  const now = waitingLines(await seeWaiting(db));
  const dead = await findDeadJobs(db, SHOWN);
  const hanging = await findHangingJobs(db, SHOWN);
  if (dead.total + hanging.total === 0) return now.join("\n") || undefined;
  const subjectOf = await subjectsOf(db, [...dead.jobs, ...hanging.jobs]);
  const head = ["ID", "JOB", "FOR", "FIRST DUE", "TRIES", "NEXT TRY", "WHY"];
  const rows = [
    ...dead.jobs.map((job) => deadRow(job, subjectOf)),
    ...hanging.jobs.map((job) => hangingRow(job, subjectOf)),
  ];
  const all = `${dead.total} given up, ${hanging.total} hanging.`;
  const isMore = dead.total + hanging.total > rows.length;
  const which = isMore ? ` Of each kind the ${SHOWN} oldest are shown.` : "";
  const above = now.map((line) => `${line}\n`).join("");
  return `${above}${above && "\n"}${table(head, rows)}\n\n${all}${which}`;
}

function deadRow(job: JobSeen, subjectOf: SubjectOf): string[] {
  return [...beginningOf(job, subjectOf(job)), "given up", whyOf(job)];
}

function hangingRow(job: HangingJob, subjectOf: SubjectOf): string[] {
  const isHeld = job.leasedUntil !== null && job.leasedUntil > new Date();
  const next = isHeld ? "a worker has it" : nextTry(job.runAt);
  const behind = job.behind > 0 ? `${job.behind} more wait behind it. ` : "";
  return [...beginningOf(job, subjectOf(job)), next, behind + whyOf(job)];
}

function nextTry(at: Date): string {
  return at > new Date() ? at.toISOString() : "as soon as a worker takes it";
}

function beginningOf({ id, name, dueAt, attempts }: JobSeen, subject: string): string[] {
  return [id, name, subject, dueAt.toISOString(), String(attempts)];
}

function whyOf({ lastError }: JobSeen): string {
  return lastError === null ? NEVER_TRIED : reasonIn(lastError);
}

async function show(db: Db, reference: string): Promise<void> {
  const job = await oneJob(db, reference);
  const subjectOf = await subjectsOf(db, [job]);
  console.log(shown(job, subjectOf(job)));
}

function shown(job: JobSeen, subject: string): string {
  const { id, name, payload, ...facts } = job;
  const lines = Object.entries({ id, name, for: subject, ...facts }).map(([name, value]) => {
    const text = value instanceof Date ? value.toISOString() : String(value ?? "-");
    return `${name.padEnd(11)} ${clean(text)}`;
  });
  return [...lines, `${"payload".padEnd(11)} ${JSON.stringify(payload)}`].join("\n");
}

import { Command } from "commander";
import { findDeadJobs, findJobs, type JobSeen, retryDead } from "#jobs/dead.ts";
import { CommandRefused, withDatabase } from "./run.ts";
import { clean, table } from "./table.ts";

export function jobsCommand(): Command {
  const jobs = new Command("jobs").description("work that was given up, and another try at it");
  jobs
    .command("stuck")
    .description("list the jobs that were given up")
    .action(() => withDatabase(async (db) => console.log(listed(await findDeadJobs(db)))));
  jobs
    .command("show <id>")
    .description("show one job; the reference that a person was given is enough")
    .action((id: string) => withDatabase(async (db) => console.log(shown(await oneJob(db, id)))));
  jobs
    .command("retry [id]")
    .description("try a job again that was given up")
    .option("--all", "all of them")
    .action(retry);
  return jobs;
}

async function retry(id: string | undefined, { all }: { all?: boolean }): Promise<void> {
  if (Boolean(id) === Boolean(all)) throw new CommandRefused("Give the id of a job, or --all.");
  await withDatabase(async (db) => {
    const retried = await retryDead(db, id ? { id: (await oneJob(db, id)).id } : "all");
    if (id && retried === 0) throw new CommandRefused("This job was not given up.");
    console.log(retried === 1 ? "1 job will run again." : `${retried} jobs will run again.`);
  });
}

async function oneJob(db: Parameters<typeof findJobs>[0], id: string): Promise<JobSeen> {
  if (!/^[0-9a-f-]{8,36}$/.test(id)) {
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

function listed(jobs: JobSeen[]): string {
  if (jobs.length === 0) return "No job was given up.";
  return table(
    ["ID", "JOB", "GIVEN UP", "TRIES", "WHY"],
    jobs.map((job) => [
      job.id,
      job.name,
      job.deadAt?.toISOString() ?? "",
      String(job.attempts),
      (job.lastError ?? "").slice(0, 120),
    ]),
  );
}

function shown(job: JobSeen): string {
  const { payload, ...facts } = job;
  const lines = Object.entries(facts).map(([name, value]) => {
    const text = value instanceof Date ? value.toISOString() : String(value ?? "-");
    return `${name.padEnd(10)} ${clean(text)}`;
  });
  return [...lines, `${"payload".padEnd(10)} ${JSON.stringify(payload)}`].join("\n");
}

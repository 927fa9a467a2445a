import { sql } from "kysely";
import { saveHomeWorkspace } from "#accounts/home-workspace.ts";
import { createInstallations } from "#accounts/installations.ts";
import { NO_POLICY, type Policy } from "#accounts/policy.ts";
import { createNotices } from "#db/notices.ts";
import type { JobName } from "#jobs/catalogue.ts";
import { claimDue, claimOne } from "#jobs/claims.ts";
import { type JobContext, runJob } from "#jobs/run.ts";
import { createMetrics } from "#metrics.ts";
import type { Simulator, SimulatorOptions } from "#simulator/simulator.ts";
import { createCallSlack } from "#slack/clients.ts";
import { createFiles } from "#slack/files.ts";
import { createMessenger } from "#slack/messenger.ts";
import { createPeople, type People } from "#slack/people.ts";
import { ticketJobs } from "#tickets/jobs.ts";
import { createWebFiles, type WebFiles } from "#tickets/web-files.ts";
import { connectCustomers } from "../../src/try.ts";
import { AGENTS } from "./app.ts";
import type { TestDatabase } from "./database.ts";
import { createDeskBook, type DeskBook } from "./desk-book.ts";
import { contextOf, quiet } from "./jobs.ts";
import { memoryDesk, memoryDeskWithFiles } from "./memory-desk.ts";
import { startServers } from "./servers.ts";

export const AGENTS_CHANNEL = { teamId: "T0KUMO", channelId: AGENTS };

export type TicketWorker = AsyncDisposable & {
  database: TestDatabase;
  db: TestDatabase["db"];
  simulator: Simulator;
  context: JobContext;
  book: DeskBook;
  people: People;
  /** Runs what is due until nothing is, one job after the other; no lane and no retry has to be waited for; only silence has. */
  runAll(): Promise<void>;
  /** Runs what is due by the clock of the database until nothing is; no lane has to be waited for. */
  runDue(): Promise<void>;
  /** What the page of a web ticket does with files. */
  webFiles: WebFiles;
  /** Runs the oldest job of this name that waits. */
  runFirst(name: JobName): Promise<void>;
};

/** The jobs of tickets on PostgreSQL against the simulator, which run when the test says so. */
export async function openTicketWorker(
  how: { filesToDesk?: true; policy?: Partial<Policy>; simulator?: Partial<SimulatorOptions> } = {},
): Promise<TicketWorker> {
  await using stack = new AsyncDisposableStack();
  const { database, simulator } = stack.use(await startServers({ paced: false, ...how.simulator }));
  const { db } = database;
  await connectCustomers(db, simulator);
  await saveHomeWorkspace(db, {
    apiUrl: simulator.apiUrl,
    botToken: simulator.tokens.T0KUMO ?? "",
    agentsWorkspace: undefined,
  });

  const notices = createNotices(db, quiet);
  const { find: findInstallation } = createInstallations(db, notices);
  const callSlack = createCallSlack({
    apiUrl: simulator.apiUrl,
    findInstallation,
    timeoutMs: 10_000,
    metrics: createMetrics(),
    onTokenEnded: () => {},
  });
  const messenger = createMessenger(db, callSlack);
  const files = createFiles({
    db,
    callSlack,
    findInstallation,
    filesUrl: simulator.filesUrl,
    timeoutMs: 10_000,
  });
  const book = createDeskBook();
  const desk = how.filesToDesk ? memoryDeskWithFiles(book) : memoryDesk(book);
  const people = createPeople(callSlack, { known: [], remember: async () => {} });
  const needs = {
    ...{ db, desk, messenger, files, people, notices },
    agentsChannel: AGENTS_CHANNEL,
    policy: () => ({ ...NO_POLICY, ...how.policy }),
  };
  const context = contextOf(db, ticketJobs(needs));

  async function freeLanes(): Promise<void> {
    await sql`update lane set next_at = deskline_now() where claim is null`.execute(db);
  }
  async function makeDue(): Promise<void> {
    await freeLanes();
    await sql`
      update job set run_at = deskline_now()
      where claim is null and done_at is null and name <> 'ticket.ending-due'`.execute(db);
  }
  async function runUntilNothingIs(prepare: () => Promise<void>): Promise<void> {
    for (let turns = 0; turns < 500; turns++) {
      await prepare();
      const jobs = await claimDue(db, 10);
      for (const job of jobs) await runJob(context, job);
      if (jobs.length === 0) return;
    }
    throw new Error("The jobs do not come to an end.");
  }
  const parts = stack.move();
  return {
    database,
    db,
    simulator,
    context,
    book,
    people,
    webFiles: createWebFiles({ ...needs, log: quiet }),
    async runFirst(name) {
      await makeDue();
      const { id } = await db
        .selectFrom("job")
        .select("id")
        .where("name", "=", name)
        .where("done_at", "is", null)
        .orderBy("seq")
        .executeTakeFirstOrThrow();
      const job = await claimOne(db, id);
      if (!job) throw new Error(`The first ${name} cannot be claimed.`);
      await runJob(context, job);
    },
    runAll: () => runUntilNothingIs(makeDue),
    runDue: () => runUntilNothingIs(freeLanes),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

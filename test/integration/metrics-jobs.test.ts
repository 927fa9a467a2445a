import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LostLease, Problem, RetryLater } from "#errors.ts";
import { seeBacklog, unclaimedFor } from "#jobs/backlog.ts";
import { claimDue } from "#jobs/claims.ts";
import type { JobHandler } from "#jobs/handlers.ts";
import { channelLane, deskLane } from "#jobs/lanes.ts";
import { buryJob } from "#jobs/queue.ts";
import { runJob } from "#jobs/run.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { about, claimTheOne, contextOf, send } from "../support/jobs.ts";
import { readPage } from "../support/metrics.ts";

const START = new Date("2026-03-01T09:00:00Z");
const later = (seconds: number) => new Date(START.getTime() + seconds * 1000);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  await database.db.deleteFrom("job").execute();
  await database.db.deleteFrom("lane").execute();
  await database.setNow(START);
});

describe("a run that ends", () => {
  it.each<[string, string, JobHandler<"ticket.file">["run"]]>([
    ["well", "done", async () => {}],
    ["with not now", "later", () => Promise.reject(new RetryLater("busy"))],
    ["with a bug", "failed", () => Promise.reject(new Error("a bug"))],
    [
      "with a no",
      "given-up",
      () => Promise.reject(new Problem("desk-refused", { number: "DL-1", reference: "r" })),
    ],
    ["in another's hands", "taken-over", () => Promise.reject(new LostLease("j"))],
  ])("%s counts as %s", async (_how, outcome, run) => {
    const { db } = database;
    const context = contextOf(db, { "ticket.file": { run } });
    await send(db, "ticket.file", about("t1"));

    await runJob(context, await claimTheOne(db));

    const page = await pageOf(context);
    expect(page.value("deskline_jobs_total", { job: "ticket.file", outcome })).toBe(1);
    expect(page.value("deskline_job_seconds_count", { job: "ticket.file" })).toBe(1);
  });

  it("because its worker stops counts as handed back", async () => {
    const { db } = database;
    const context = { ...contextOf(db, {}), stopping: AbortSignal.abort() };
    await send(db, "ticket.file", about("t1"));

    await runJob(context, await claimTheOne(db));

    const counted = { job: "ticket.file", outcome: "handed-back" };
    expect((await pageOf(context)).value("deskline_jobs_total", counted)).toBe(1);
  });

  it("and cannot be saved counts as that", async () => {
    const { db } = database;
    const context = contextOf(db, { "ticket.file": { run: async () => {} } });
    await send(db, "ticket.file", about("t1"));
    const job = await claimTheOne(db);
    const noTime = { ...job, claim: "no uuid" }; // PostgreSQL takes no such claim

    await runJob(context, noTime);

    const counted = { job: "ticket.file", outcome: "unsaved" };
    expect((await pageOf(context)).value("deskline_jobs_total", counted)).toBe(1);
  });

  it("and has a name that nobody gave it makes no series of its own", async () => {
    const { db } = database;
    const context = contextOf(db, {});
    await db.insertInto("job").values({ name: "poison 4711", payload: "{}" }).execute();

    await runJob(context, await claimTheOne(db));

    const page = await pageOf(context);
    expect(page.value("deskline_jobs_total", { job: "unknown", outcome: "failed" })).toBe(1);
    expect(page.text).not.toContain("poison");
  });
});

it("says how old a job is at its start, and how long its lane kept it", async () => {
  const { db, setNow } = database;
  const context = contextOf(db, { "ticket.file": { run: async () => {} } });
  await send(db, "ticket.file", about("t1"), { lane: channelLane("T1", "C1") });
  await setNow(later(40));

  await runJob(context, await claimTheOne(db));

  const page = await pageOf(context);
  expect(page.value("deskline_job_age_seconds_sum", { job: "ticket.file" })).toBeCloseTo(40, 0);
  expect(page.value("deskline_lane_wait_seconds_sum", { lane: "channel" })).toBeCloseTo(40, 0);
});

it("sees what is not done, by lane and state, with the age of the oldest", async () => {
  const { db, setNow } = database;
  await send(db, "ticket.file", about("given up"));
  await db.transaction().execute(async (tx) => {
    const [job] = await claimDue(tx, 1);
    if (job) await buryJob(tx, job, "no");
  });
  await send(db, "ticket.file", about("under way"));
  await claimDue(db, 1);
  await send(db, "ticket.file", about("tried"), { lane: deskLane("t1") });
  await db
    .updateTable("job")
    .set({ attempts: 3, run_at: later(9000) })
    .where("lane", "is not", null)
    .execute();
  await setNow(later(5));
  await send(db, "ticket.file", about("waits"), { lane: channelLane("T1", "C1") });
  await send(db, "ticket.file", about("waits too"), { lane: channelLane("T1", "C2") });
  await send(db, "ticket.file", about("for later"), { runAt: later(500) });
  await setNow(later(10));

  const seen = (await seeBacklog(db)).map((row) => ({ ...row, oldestS: Math.round(row.oldestS) }));

  expect(seen.sort((a, b) => (a.state < b.state ? -1 : 1))).toEqual([
    { lane: "none", state: "dead", jobs: 1, oldestS: 10 },
    { lane: "desk", state: "retrying", jobs: 1, oldestS: 10 },
    { lane: "none", state: "running", jobs: 1, oldestS: 10 },
    { lane: "none", state: "scheduled", jobs: 1, oldestS: 0 },
    { lane: "channel", state: "waiting", jobs: 2, oldestS: 5 },
  ]);
});

describe("how long nobody claimed what could be claimed", () => {
  it("is 0 where nothing is due", async () => {
    await send(database.db, "ticket.file", about("t1"), { runAt: later(60) });

    expect(await unclaimedFor(database.db)).toBe(0);
  });

  it.for([
    ["a job", {}],
    ["a job in a lane", { lane: channelLane("T1", "C1") }],
  ] as const)("is the wait of %s", async ([_what, options]) => {
    await send(database.db, "ticket.file", about("t1"), options);
    await database.setNow(later(33));

    expect(await unclaimedFor(database.db)).toBeCloseTo(33, 0);
  });

  it("does not count what a worker has, nor what waits behind it", async () => {
    const { db, setNow } = database;
    const lane = channelLane("T1", "C1");
    await send(db, "ticket.file", about("t1"), { lane });
    await send(db, "ticket.file", about("t2"), { lane });
    await claimTheOne(db);
    await setNow(later(10));

    expect(await unclaimedFor(db)).toBe(0);
  });
});

it("sees 20,000 waiting jobs among 100,000 done within a second", async () => {
  const { db } = database;
  for (let from = 1; from <= 120_000; from += 20_000) {
    await sql`
      insert into job (name, payload, lane, done_at)
      select 'ticket.file', '{}', case when n % 5 = 0 then 'channel/T1/C' || n % 100 end,
        case when n > 20000 then deskline_now() end
      from generate_series(${sql.lit(from)}, ${sql.lit(from + 19_999)}) as n`.execute(db);
  }
  await sql`analyze job`.execute(db);

  const askedAt = performance.now();
  const seen = await seeBacklog(db);

  expect(performance.now() - askedAt).toBeLessThan(1000);
  expect(seen.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(20_000);
});

async function pageOf({ metrics }: ReturnType<typeof contextOf>) {
  return readPage(await metrics.registry.metrics());
}

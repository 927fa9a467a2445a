import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "#db/connect.ts";
import { Problem, RetryLater } from "#errors.ts";
import { claimDue } from "#jobs/claims.ts";
import type { JobHandler, Run } from "#jobs/handlers.ts";
import type { Change } from "#jobs/queue.ts";
import { runJob } from "#jobs/run.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import { about, allJobs, claimTheOne, contextOf, runAllDue, send } from "../support/jobs.ts";

type FileTicket = JobHandler<"ticket.file">;

describe.each(databases)("a job run on %s", (_kind, open) => {
  let database: TestDatabase;
  let db: Db;
  let ahead: number;
  beforeAll(async () => {
    database = await open();
    db = database.db;
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    for (const table of ["job", "lane", "account"] as const) await db.deleteFrom(table).execute();
    await database.setNow(null);
    ahead = 0;
  });

  it("is done when its handler ends, and never runs again", async () => {
    const payloads: unknown[] = [];
    await send(db, "ticket.file", about("t1"));

    await runDue({ run: async (payload) => void payloads.push(payload) });
    await hoursLater(1);
    await runDue({ run: async (payload) => void payloads.push(payload) });

    expect(payloads).toEqual([about("t1")]);
    expect(await theJob()).toMatchObject({
      done_at: expect.any(Date),
      claim: null,
      last_error: null,
    });
  });

  it("ends in the statement of its last change", async () => {
    await send(db, "ticket.file", about("t1"));
    let isDone: unknown;

    await runDue({
      async run(_payload, run) {
        await run.finish(savedAccount("acme"));
        isDone = (await theJob()).done_at;
      },
    });

    expect(isDone).toEqual(expect.any(Date));
    expect(await db.selectFrom("account").select("id").execute()).toEqual([{ id: "acme" }]);
    expect(await theJob()).toMatchObject({ done_at: isDone, claim: null, attempts: 1 });
  });

  it("goes on when its last change finds no row", async () => {
    await db.insertInto("account").values({ id: "acme", name: "Acme" }).execute();
    await send(db, "ticket.file", about("t1"));
    const seen: unknown[] = [];

    await runDue({
      async run(_payload, run) {
        seen.push(await run.finish(savedAccount("acme")), (await theJob()).done_at);
      },
    });

    expect(seen).toEqual([false, null]);
    expect(await theJob()).toMatchObject({ done_at: expect.any(Date), claim: null });
  });

  it("runs again after the wait it was told", async () => {
    await send(db, "ticket.file", about("t1"));

    await runDue(failing(new RetryLater("busy", { afterMs: 30_000 })));

    expect(await waitMs()).toBeGreaterThan(28_000);
    expect(await waitMs()).toBeLessThanOrEqual(30_000);
    expect(await theJob()).toMatchObject({
      failures: 0,
      attempts: 1,
      last_error: "RetryLater: busy",
    });
  });

  it.each([Number.NaN, -5, Number.POSITIVE_INFINITY])(
    "runs again even when the wait it was told is %s",
    async (afterMs) => {
      await send(db, "ticket.file", about("t1"));

      await runDue(failing(new RetryLater("busy", { afterMs })));

      expect(await theJob()).toMatchObject({ claim: null, last_error: "RetryLater: busy" });
      expect(await waitMs()).toBeLessThanOrEqual(86_400_000);
    },
  );

  it("may wait for days without an end, with longer and longer pauses", async () => {
    await send(db, "ticket.file", about("t1"));
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      await runDue(failing(new RetryLater("down")));
      waits.push(await waitMs());
      await hoursLater(1);
    }

    for (const [n, wait] of waits.entries()) {
      const ceiling = Math.min(2 ** n, 60) * 1000;
      expect(wait).toBeLessThanOrEqual(ceiling);
      expect(wait).toBeGreaterThan(ceiling / 2 - 1000);
    }
    expect(await theJob()).toMatchObject({ dead_at: null, failures: 0, attempts: 8 });
  });

  it("does not wait for ever", async () => {
    await send(db, "ticket.file", about("t1"));
    await hoursLater(30 * 24 + 1);

    await runDue(failing(new RetryLater("down")));

    expect(await theJob()).toMatchObject({ dead_at: expect.any(Date) });
  });

  it("counts its days from when it was due", async () => {
    await send(db, "ticket.file", about("t1"), { runAt: new Date(Date.now() + 60 * 86_400_000) });
    await hoursLater(60 * 24 + 1);

    await runDue(failing(new RetryLater("down")));

    expect(await theJob()).toMatchObject({ dead_at: null });
  });

  it("is given up after five failures, with the reason for the operator", async () => {
    await send(db, "ticket.file", about("t1"));
    for (let failure = 1; failure <= 5; failure++) {
      expect(await theJob()).toMatchObject({ dead_at: null, failures: failure - 1 });
      await runDue(failing(new Error("a bug", { cause: new Error("deep\0er") })));
      await hoursLater(1);
    }

    expect(await theJob()).toMatchObject({
      dead_at: expect.any(Date),
      last_error: "Error: a bug (Error: deeper)",
      claim: null,
    });
    expect(await claimDue(db, 10)).toEqual([]);
  });

  it.each([
    ["is starting", Object.assign(new Error("starting up"), { code: "57P03" })],
    ["has crashed", new Error("Connection terminated unexpectedly")],
    ["takes no connection", new Error("timeout exceeded when trying to connect")],
    ["is away", Object.assign(new Error("connect"), { code: "ECONNREFUSED" })],
    ["is read-only", Object.assign(new Error("cannot execute INSERT"), { code: "25006" })],
    ["is full", Object.assign(new Error("could not extend file"), { code: "53100" })],
  ])("is not held responsible for a database that %s", async (_what, error) => {
    await send(db, "ticket.file", about("t1"));

    for (let hour = 1; hour <= 8; hour++) {
      await runDue(failing(error));
      await hoursLater(1);
    }

    expect(await theJob()).toMatchObject({ dead_at: null, failures: 0, attempts: 8 });
  });

  it("is given up at once when it was refused, and the person is told in the same transaction", async () => {
    await send(db, "ticket.file", about("t1"));
    const told: unknown[] = [];
    const problem = new Problem("not-the-requester", {});

    await runDue({
      ...failing(problem),
      async bury(tx, payload, why) {
        const { dead_at } = await tx.selectFrom("job").select("dead_at").executeTakeFirstOrThrow();
        told.push({ payload, why, isDead: dead_at !== null });
        await tx.insertInto("account").values({ id: "told", name: "told" }).execute();
      },
    });

    const { id } = await theJob();
    expect(told).toEqual([
      { payload: about("t1"), why: { problem, reference: id.slice(0, 8) }, isDead: true },
    ]);
    expect(await db.selectFrom("account").select("id").execute()).toEqual([{ id: "told" }]);
  });

  it("is not given up while the person cannot be told, and is tried again", async () => {
    await send(db, "ticket.file", about("t1"));
    let tries = 0;
    const handler: FileTicket = {
      ...failing(new Problem("not-the-requester", {})),
      async bury(tx) {
        await tx.insertInto("account").values({ id: "half", name: "half" }).execute();
        tries += 1;
        if (tries < 3) throw new Error("no words");
      },
    };

    await runDue(handler);
    expect(await theJob()).toMatchObject({ dead_at: null, claim: null, failures: 1 });
    expect((await theJob()).last_error).toContain("no words");
    expect(await db.selectFrom("account").select("id").execute()).toEqual([]);
    for (let hour = 1; hour <= 2; hour++) {
      await hoursLater(1);
      await runDue(handler);
    }

    expect(tries).toBe(3);
    expect(await theJob()).toMatchObject({ dead_at: expect.any(Date) });
    expect(await db.selectFrom("account").select("id").execute()).toEqual([{ id: "half" }]);
  });

  it.each([
    ["a name nobody knows any more", { name: "ticket.forgotten" }],
    ["a payload of another time", { payload: JSON.stringify({ ticket: 1 }) }],
  ])(
    "holds its lane up for five tries only with %s: there is nobody to tell",
    async (_what, change) => {
      await send(db, "ticket.file", about("t1"));
      await db.updateTable("job").set(change).execute();

      for (let hour = 1; hour <= 5; hour++) {
        expect(await theJob()).toMatchObject({ dead_at: null });
        await runDue(failing(new Error("bug")));
        await hoursLater(1);
      }

      expect(await theJob()).toMatchObject({ dead_at: expect.any(Date), attempts: 5 });
    },
  );

  it.each([
    ["a name nobody knows any more", { name: "ticket.forgotten" }],
    ["a payload of another time", { payload: JSON.stringify({ ticket: 1 }) }],
    ["a sentence that can never be told", { last_error: null }],
  ])("leaves the queue in the end with %s", async (_what, change) => {
    await send(db, "ticket.file", about("t1"));
    await db.updateTable("job").set(change).execute();
    const hopeless: FileTicket = {
      ...failing(new Error("bug")),
      bury: () => Promise.reject(new Error("no words")),
    };

    for (let hour = 1; hour <= 12; hour++) {
      await runDue(hopeless);
      await hoursLater(1);
    }

    expect(await theJob()).toMatchObject({
      dead_at: expect.any(Date),
      last_error: expect.any(String),
    });
  });

  it("that kills its worker is given up after ten deaths, without being run again", async () => {
    await send(db, "ticket.file", about("t1"));
    for (let death = 1; death <= 10; death++) {
      await claimTheOne(db);
      await hoursLater(1);
    }
    const seen: string[] = [];

    await runDue({
      run: async () => void seen.push("run"),
      bury: async () => void seen.push("told"),
    });

    expect(seen).toEqual(["told"]);
    expect(await theJob()).toMatchObject({ dead_at: expect.any(Date), crashes: 10 });
  });

  it("is handed back uncounted when its worker stops, with whatever error", async () => {
    await send(db, "ticket.file", about("t1"));
    const stop = new AbortController();
    const job = await claimTheOne(db);
    const context = contextOf(db, {
      "ticket.file": {
        run: (_payload, run) =>
          new Promise((_resolve, reject) => {
            run.signal.addEventListener("abort", () => reject(new Error("aborted")));
          }),
      },
    });

    const running = runJob({ ...context, stopping: stop.signal }, job);
    stop.abort();
    await running;

    expect(await theJob()).toMatchObject({ claim: null, attempts: 0, failures: 0, crashes: 0 });
    expect(await claimTheOne(db)).toMatchObject({ id: job.id, crashes: 0 });
  });

  it("that does not hear the stop is handed back all the same, and can send nothing afterwards", async () => {
    await send(db, "ticket.file", about("t1"));
    const stop = new AbortController();
    const seen = Promise.withResolvers<Run>();
    const context = contextOf(db, {
      "ticket.file": {
        run: (_payload, run) => {
          seen.resolve(run);
          return new Promise(() => {});
        },
      },
    });

    const running = runJob({ ...context, stopping: stop.signal }, await claimTheOne(db));
    const run = await seen.promise;
    stop.abort();
    await running;

    expect(await theJob()).toMatchObject({ claim: null, failures: 0 });
    await expect(run.keepLease()).rejects.toThrow();
  });

  async function runDue(handler: FileTicket): Promise<void> {
    await runAllDue(contextOf(db, { "ticket.file": handler }));
  }
  async function theJob() {
    const [job] = await allJobs(db);
    if (!job) throw new Error("there is no job");
    return job;
  }
  async function waitMs(): Promise<number> {
    const { rows } = await sql<{ ms: number }>`
      select extract(epoch from run_at - deskline_now())::float8 * 1000 as ms from job`.execute(db);
    return rows[0]?.ms ?? Number.NaN;
  }
  async function hoursLater(hours: number): Promise<void> {
    ahead += hours;
    await database.setNow(new Date(Date.now() + ahead * 3_600_000));
  }
});

it("ends after four leases, when its handler does not", async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const started = Date.now();
  await send(db, "ticket.file", about("t1"));

  await runJob(contextOf(db, { "ticket.file": { run: () => new Promise(() => {}) } }), {
    ...(await claimTheOne(db)),
    leaseMs: 900,
  });

  expect(Date.now() - started).toBeGreaterThan(4 * 900);
  expect(await allJobs(db)).toMatchObject([
    { claim: null, failures: 1, last_error: "Error: it did not end in time" },
  ]);
});

function failing(error: Error): FileTicket {
  return { run: () => Promise.reject(error) };
}

function savedAccount(id: string): Change {
  const tables = sql`saved as (
    insert into account (id, name) values (${id}, ${id}) on conflict do nothing returning id)`;
  return { tables, isMade: sql`exists (select from saved)` };
}

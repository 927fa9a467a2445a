import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { connect, type Db } from "#db/connect.ts";
import { startHousekeeping } from "#db/housekeeping.ts";
import { clearing, clearOldRows, KEPT_TABLES } from "#db/old-rows.ts";
import { hurryJob, retryDead } from "#jobs/dead.ts";
import { once } from "#jobs/once.ts";
import { createMetrics } from "#metrics.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import { about, claimTheOne, quiet, runOf, send } from "../support/jobs.ts";
import { readPage } from "../support/metrics.ts";

const DAY_MS = 86_400_000;
const START = new Date("2026-01-01T00:00:00Z");
const daysLater = (days: number) => new Date(START.getTime() + days * DAY_MS);

describe.each(databases)("old rows on %s", (_kind, open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    for (const table of [...KEPT_TABLES, "lane"] as const)
      await database.db.deleteFrom(table).execute();
    await database.setNow(START);
  });

  it.each([
    [
      "job",
      30,
      async () => {
        await send(database.db, "ticket.file", about("t1"));
        await database.db.updateTable("job").set({ done_at: START }).execute();
      },
    ],
    [
      "inbox",
      30,
      async () => {
        const row = { source: "desk", key: "d1", received_at: START };
        await database.db.insertInto("inbox").values(row).execute();
      },
    ],
    [
      "outside_write",
      90,
      async () => {
        await database.db.insertInto("outside_write").values({ key: "k1" }).execute();
      },
    ],
    [
      "person",
      365,
      async () => {
        const who = { team_id: "T1", user_id: "U1", name: "Hana", time_zone: "Asia/Tokyo" };
        const row = { ...who, language: "ja", seen_at: START } as const;
        await database.db.insertInto("person").values(row).execute();
      },
    ],
    [
      "web_request",
      1,
      async () => {
        const who = { email: "m@acme.example", language: "ja", draft: "{}" } as const;
        const row = { ...who, id: randomUUID(), created_at: START };
        await database.db.insertInto("web_request").values(row).execute();
      },
    ],
    [
      "operator_notice",
      90,
      async () => {
        const row = { key: "k", detail: "d", cleared_at: START };
        await database.db.insertInto("operator_notice").values(row).execute();
      },
    ],
  ] as const)("of %s go after %i days, and not before", async (table, days, add) => {
    const { db, setNow } = database;
    await add();

    await setNow(daysLater(days - 1));
    expect(await clearOldRows(db, table, 10)).toBe(0);
    await setNow(daysLater(days + 1));
    expect(await clearOldRows(db, table, 10)).toBe(1);
    expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
  });

  it("never are a job that waits, one that was given up, or a notice that is open", async () => {
    const { db, setNow } = database;
    await send(db, "ticket.file", about("waits"));
    await send(db, "ticket.file", about("given up"));
    await sql`update job set dead_at = ${START} where payload ->> 'ticketId' = 'given up'`.execute(
      db,
    );
    await db.insertInto("operator_notice").values({ key: "k", detail: "d" }).execute();
    await setNow(daysLater(3000));

    for (const table of KEPT_TABLES) expect(await clearOldRows(db, table, 10)).toBe(0);
  });

  it("are removed a few at a time", async () => {
    const { db, setNow } = database;
    for (let n = 0; n < 5; n++)
      await db
        .insertInto("outside_write")
        .values({ key: `k${n}` })
        .execute();
    await setNow(daysLater(100));

    const removed = [];
    for (let n = 0; n < 4; n++) removed.push(await clearOldRows(db, "outside_write", 2));

    expect(removed).toEqual([2, 2, 1, 0]);
  });

  it.each([
    ["that was given up", (id: string) => sql`dead_at = deskline_now() where id = ${id}`],
    ["that waits for its next try", (id: string) => sql`claim = null where id = ${id}`],
  ])("keep the mark of a job %s, which so sends nothing twice", async (_which, turn) => {
    const { db, setNow } = database;
    await send(db, "ticket.file", about("t1"));
    const job = await claimTheOne(db);
    const sent: string[] = [];
    const write = {
      reference: z.object({ ts: z.string() }),
      lookUp: async () => undefined,
      send: async () => ({ ts: `${sent.push("sent")}` }),
    };
    await once({ db, run: runOf(db, job) }, "card:t1", write);
    await sql`update job set ${turn(job.id)}`.execute(db);
    await sql`update job set leased_until = null`.execute(db);
    await setNow(daysLater(400));

    for (const table of KEPT_TABLES) await clearOldRows(db, table, 10);
    if ((await retryDead(db, { id: job.id })) === 0) await hurryJob(db, job.id);
    await sql`update job set claim = null, leased_until = null`.execute(db);
    const again = await claimTheOne(db);
    const reference = await once({ db, run: runOf(db, again) }, "card:t1", write);

    expect(reference).toEqual({ ts: "1" });
    expect(sent).toEqual(["sent"]);
  });
});

describe("housekeeping", () => {
  let database: TestDatabase & { url: string };
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it("removes all that is old in batches, in two workers at once, and counts each row once", async () => {
    const { db } = database;
    await addOldJobs(db, 1000);
    const metrics = createMetrics();
    const quick = { batch: 50, nextMs: 5, restMs: 10_000 };
    await using _first = startHousekeeping({ db, log: quiet, metrics }, quick);
    await using _second = startHousekeeping({ db, log: quiet, metrics }, quick);

    await expect.poll(() => countJobs(db), { timeout: 10_000 }).toBe(0);
    await sleep(100);

    const page = readPage(await metrics.registry.metrics());
    expect(page.value("deskline_rows_cleared_total", { table: "job" })).toBe(1000);
  });

  it("leaves what somebody holds, without waiting for it", async () => {
    const { db } = database;
    await using other = await connect({ url: database.url });
    await addOldJobs(db, 3);

    await db.transaction().execute(async (tx) => {
      await sql`select from job order by seq limit 1 for update`.execute(tx);
      const askedAt = performance.now();
      expect(await clearOldRows(other.db, "job", 10)).toBe(2);
      expect(performance.now() - askedAt).toBeLessThan(1500); // lock_timeout is 2 s
    });

    expect(await clearOldRows(db, "job", 10)).toBe(1);
  });

  it("says that it could not, and goes on", async () => {
    const { db } = database;
    const said: string[] = [];
    const log = Object.assign(Object.create(quiet), {
      warn: (_facts: unknown, message: string) => said.push(message),
    });
    await sql`alter table inbox rename to inbox_away`.execute(db);
    const notice = { key: "k", detail: "d", cleared_at: START };
    await db.insertInto("operator_notice").values(notice).execute();
    await using _keeping = startHousekeeping({ db, log, metrics: createMetrics() }, { nextMs: 5 });

    await expect
      .poll(() => db.selectFrom("operator_notice").selectAll().execute(), { timeout: 5000 })
      .toEqual([]);
    await sql`alter table inbox_away rename to inbox`.execute(db);

    expect(said).toEqual(["old rows were not cleared"]);
  });

  it.each(["job", "inbox", "outside_write"] as const)(
    "finds what is old among 100,000 rows of %s by an index",
    async (table) => {
      const { db } = database;
      await fill[table](db);
      await sql`analyze ${sql.table(table)}`.execute(db);

      const { rows } = await sql<{
        "QUERY PLAN": string;
      }>`explain ${clearing(table, 1000)}`.execute(db);

      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(new RegExp(`Index Scan using \\w+ on ${table}\\b`));
      expect(plan).not.toMatch(new RegExp(`Seq Scan on ${table}\\b`));
    },
  );
});

const fill = {
  job: (db: Db) => addOldJobs(db, 100_000),
  inbox: (db: Db) =>
    sql`insert into inbox (source, key, received_at) select 'desk', n, ${START}
      from generate_series(1, 100000) as n`.execute(db),
  outside_write: (db: Db) =>
    sql`insert into outside_write (key, intended_at) select n, ${START}
      from generate_series(1, 100000) as n`.execute(db),
};

async function addOldJobs(db: Db, count: number): Promise<void> {
  await sql`
    insert into job (name, payload, done_at)
    select 'ticket.file', '{}', ${START} from generate_series(1, ${count}::int)`.execute(db);
}

async function countJobs(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from job`.execute(db);
  return rows[0]?.count ?? 0;
}

import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db } from "#db/connect.ts";
import { claimDue, claimOne, claimThese } from "#jobs/claims.ts";
import { dueInMs, mendLanes, ringDue } from "#jobs/rings.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const ROUNDS = 15;
const AT_ONCE = 20_000; // a query is cut off after 5 s
const MOST = 10; // times what it costs in a quiet queue; a walk over all jobs costs 50 times and more

let quiet: TestDatabase;
let busy: TestDatabase;
let surprised: TestDatabase;
beforeAll(async () => {
  [quiet, busy, surprised] = await Promise.all([
    createTestDatabase(),
    createTestDatabase(),
    createTestDatabase(),
  ]);
  await addJobs(quiet.db, 3000, { lane: null, at: "-1 minute" });
  await addJobs(busy.db, 200_000, { lane: null, at: "-1 day", isDone: true });
  await addLanes(busy.db, 5000);
  await addJobs(busy.db, 10_000, { lane: null, at: "-1 minute" });
  await addJobs(busy.db, 10_000, { lane: 200, at: "-1 minute" });
  await addJobs(busy.db, 10_000, { lane: null, at: "30 days" });
  for (const { db } of [quiet, busy]) await sql`vacuum analyze job, lane`.execute(db);
  // As after an hour without a job: the planner has seen an empty table, and then many come at once.
  await sql`alter table job set (autovacuum_enabled = off)`.execute(surprised.db);
  await sql`vacuum analyze job, lane`.execute(surprised.db);
  await addJobs(surprised.db, 3000, { lane: null, at: "-1 minute" });
  await addJobs(surprised.db, 3000, { lane: 200, at: "-1 minute" });
});
afterAll(() =>
  Promise.all([quiet, busy, surprised].map((database) => database[Symbol.asyncDispose]())),
);

const looks = {
  "claiming ten jobs": (db: Db) => claimDue(db, 10),
  "asking when the next is due": (db: Db) => dueInMs(db),
  "ringing fifty jobs": (db: Db) => ringDue(db, 50),
};

it.each(Object.entries(looks))(
  "%s costs little more with 5,000 idle lanes, 20,000 waiting jobs, 10,000 for later and 200,000 done",
  async (_what, look) => {
    const times = { quiet: [] as number[], busy: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      times.quiet.push(await timeOf(() => look(quiet.db)));
      times.busy.push(await timeOf(() => look(busy.db)));
    }

    expect(median(times.busy) / Math.max(median(times.quiet), 0.5)).toBeLessThan(MOST);
  },
);

const claims = { "claiming one": claimTheNewest, "claiming five": claimFiveNewest };

it.each(Object.entries({ ...looks, ...claims }))(
  "%s costs little more when the planner does not know of 6,000 jobs yet",
  async (_what, look) => {
    const times = { quiet: [] as number[], surprised: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      times.quiet.push(await timeOf(() => look(quiet.db)));
      times.surprised.push(await timeOf(() => look(surprised.db)));
    }

    expect(median(times.surprised) / Math.max(median(times.quiet), 0.5)).toBeLessThan(MOST);
  },
);

const statements = {
  ...looks,
  "claiming one": (db: Db) => claimOne(db, crypto.randomUUID()),
  "claiming some": (db: Db) => claimThese(db, [crypto.randomUUID(), crypto.randomUUID()]),
  "mending lanes": (db: Db) => mendLanes(db),
};

it.each(Object.entries(statements))("%s reads jobs through an index only", async (_what, look) => {
  const walks = await busy.db.transaction().execute(async (tx) => {
    const before = await countWalks(tx);
    await look(tx);
    return (await countWalks(tx)) - before;
  });

  expect(walks).toBe(0);
});

it("looking when to ring next costs little more over a backlog of which all is rung", async () => {
  const times = { quiet: [] as number[], busy: [] as number[] };
  for (const { db } of [quiet, busy])
    await sql`update job set rung_at = now() + interval '1 minute' where done_at is null`.execute(
      db,
    );
  for (let round = 0; round < ROUNDS; round++) {
    times.quiet.push(await timeOf(() => ringNothing(quiet.db)));
    times.busy.push(await timeOf(() => ringNothing(busy.db)));
  }

  expect(median(times.busy) / Math.max(median(times.quiet), 0.5)).toBeLessThan(MOST);
});

async function ringNothing(db: Db): Promise<void> {
  expect((await ringDue(db, 50)).ids).toEqual([]);
}

async function claimTheNewest(db: Db) {
  const [id = ""] = await newestIds(db, 1);
  return claimOne(db, id);
}

async function claimFiveNewest(db: Db) {
  return claimThese(db, await newestIds(db, 5));
}

async function newestIds(db: Db, count: number): Promise<string[]> {
  const rows = await db
    .selectFrom("job")
    .select("id")
    .where("lane", "is", null)
    .orderBy("seq", "desc")
    .limit(count)
    .execute();
  return rows.map((row) => row.id);
}

/** How often this connection has read the whole table of jobs. */
async function countWalks(tx: Db): Promise<number> {
  const { rows } = await sql<{ seq_scan: number }>`
    select seq_scan from pg_stat_xact_user_tables where relname = 'job'`.execute(tx);
  return rows[0]?.seq_scan ?? Number.NaN;
}

async function addJobs(
  db: Db,
  count: number,
  { lane, at, isDone = false }: { lane: number | null; at: string; isDone?: boolean },
): Promise<void> {
  for (let added = 0; added < count; added += AT_ONCE) {
    await sql`
      insert into job (name, payload, lane, run_at, due_at, done_at)
      select 'ticket.file', '{"accountId": "acme", "ticketId": "t"}',
        'desk/' || n % ${lane}::int, now() + ${at}::interval, now() + ${at}::interval, case when ${isDone} then now() end
      from generate_series(1, ${Math.min(AT_ONCE, count - added)}::int) as n`.execute(db);
  }
  await sql`insert into lane (key) select distinct lane from job where lane is not null
    on conflict do nothing`.execute(db);
}

async function addLanes(db: Db, count: number): Promise<void> {
  await sql`insert into lane (key) select 'channel/T/' || n from generate_series(1, ${count}::int) as n`.execute(
    db,
  );
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

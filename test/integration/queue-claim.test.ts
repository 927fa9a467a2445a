import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Db } from "#db/connect.ts";
import { claimDue, claimOne, claimThese } from "#jobs/claims.ts";
import { deskLane } from "#jobs/lanes.ts";
import { type ClaimedJob, finishJob, keepClaim, LEASE_MS } from "#jobs/queue.ts";
import { ringDue } from "#jobs/rings.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { about, allJobs, claimTheOne, send, ticketOf } from "../support/jobs.ts";

const SLACK_MS = 200;
let database: TestDatabase & { url: string };
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  await db.deleteFrom("job").execute();
  await db.deleteFrom("lane").execute();
  await database.setNow(null);
});

it("gives each of 2,000 jobs to one of 8 claimers, once", async () => {
  await addJobs(1500, sql`null`);
  await addJobs(500, sql`'desk/' || n % 50`);
  await using claimers = new AsyncDisposableStack();
  const claimed: string[] = [];

  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const claimer = claimers.use(await connect({ url: database.url }));
      for (let idle = 0; idle < 20; ) {
        const jobs = await claimDue(claimer.db, 10);
        claimed.push(...jobs.map((job) => job.id));
        for (const job of jobs) await finishJob(claimer.db, job);
        idle = jobs.length > 0 ? 0 : idle + 1;
      }
    }),
  );

  expect(claimed).toHaveLength(2000);
  expect(new Set(claimed).size).toBe(2000);
  expect((await allJobs(db)).every((job) => job.done_at && job.attempts === 1)).toBe(true);
}, 60_000);

it("gives no more than it was asked for", async () => {
  for (const [ticket, secondsAgo] of [
    ["c", 1],
    ["a", 3],
    ["b", 2],
  ] as const)
    await send(db, "ticket.file", about(ticket), {
      runAt: new Date(Date.now() - secondsAgo * 1000),
    });

  expect(await claimDue(db, 2)).toHaveLength(2);
  expect(await claimDue(db, 2)).toHaveLength(1);
  expect(await claimDue(db, 2)).toEqual([]);
});

it("does not let twenty busy lanes keep back a job that has none", async () => {
  await send(db, "ticket.file", about("plain"));
  for (let n = 0; n < 20; n++)
    await send(
      db,
      "ticket.tell-desk",
      { ...about(`t${n}`), historyId: "h" },
      { lane: deskLane(`${n}`) },
    );

  expect((await claimDue(db, 5)).map(ticketOf)).toContain("plain");
});

it("waits until a job is due, by the clock of the database", async () => {
  await send(db, "ticket.file", about("t1"), { runAt: new Date(Date.now() + 3_600_000) });
  expect(await claimDue(db, 10)).toEqual([]);

  await database.setNow(new Date(Date.now() + 3_601_000));

  expect(ticketOf(await claimTheOne(db))).toBe("t1");
});

it("gives a job again when its lease has ended, and counts the crash", async () => {
  await send(db, "ticket.file", about("t1"));
  const first = await claimTheOne(db);

  await database.setNow(new Date(Date.now() + LEASE_MS - 1000));
  expect(await claimDue(db, 10)).toEqual([]);
  await database.setNow(new Date(Date.now() + LEASE_MS + 1000));
  const second = await claimTheOne(db);

  expect(first).toMatchObject({ attempts: 1, crashes: 0, failures: 0 });
  expect(second).toMatchObject({ id: first.id, attempts: 2, crashes: 1, failures: 0 });
  expect(second.claim).not.toBe(first.claim);
});

it("lets jobs whose workers died rest longer and longer, each differently", async () => {
  for (const ticket of ["a", "b", "c", "d"]) await send(db, "ticket.file", about(ticket));
  let now = Date.now();
  await database.setNow(new Date(now));
  for (const [least, most] of [
    [0, 0],
    [500, 1500],
    [1500, 4500],
    [3500, 10_500],
    [3500, 10_500], // no longer than that
  ] as const) {
    const jobs = await claimDue(db, 10);
    expect(jobs).toHaveLength(4);
    expect(await keepClaim(db, jobs[0] as ClaimedJob)).toBe(true); // which lets it rest no less

    const rests = (await allJobs(db)).map(
      ({ leased_until }) => (leased_until?.getTime() ?? 0) - now - LEASE_MS,
    );

    for (const rest of rests) {
      expect(rest).toBeGreaterThanOrEqual(least - SLACK_MS);
      expect(rest).toBeLessThan(most + SLACK_MS);
    }
    if (most) expect(new Set(rests).size).toBe(4);
    now += LEASE_MS + most + SLACK_MS;
    await database.setNow(new Date(now));
  }
});

it("tells how old a job is since it was first due, not since it was saved", async () => {
  await send(db, "ticket.file", about("t1"), { runAt: new Date(Date.now() + 30 * 86_400_000) });

  await database.setNow(new Date(Date.now() + 30 * 86_400_000 + 60_000));

  const { ageMs } = await claimTheOne(db);
  expect(ageMs).toBeGreaterThanOrEqual(60_000);
  expect(ageMs).toBeLessThan(75_000);
});

it("gives one job by its id, once", async () => {
  await send(db, "ticket.file", about("t1"));
  await send(db, "ticket.file", about("t2"), { runAt: new Date(Date.now() + 60_000) });
  const [now, later] = (await allJobs(db)).map((job) => job.id);

  const claims = await Promise.all(Array.from({ length: 8 }, () => claimOne(db, now ?? "")));

  expect(claims.filter(Boolean).map(ticketOf)).toEqual(["t1"]);
  expect(await claimOne(db, later ?? "")).toBeUndefined();
  expect(await claimOne(db, crypto.randomUUID())).toBeUndefined();
});

it("gives several by their ids, each once, and of a lane the first only", async () => {
  await send(db, "ticket.file", about("plain"));
  for (const ticket of ["first", "second"])
    await send(db, "ticket.file", about(ticket), { lane: deskLane("t1") });
  await send(db, "ticket.file", about("later"), { runAt: new Date(Date.now() + 60_000) });
  const ids = [...(await allJobs(db)).map((job) => job.id), crypto.randomUUID()];

  const claims = await Promise.all(Array.from({ length: 8 }, () => claimThese(db, ids)));

  expect(claims.flat().map(ticketOf).sort()).toEqual(["first", "plain"]);
});

it.each([
  ["without a lane", {}],
  ["in a lane", { lane: deskLane("t1") }],
])(
  "gives one %s that another worker looks at just now, as soon as it has looked",
  async (_, how) => {
    await send(db, "ticket.file", about("t1"), how);
    const [id = ""] = (await allJobs(db)).map((job) => job.id);
    const isLooking = Promise.withResolvers<void>();
    const looks = db.transaction().execute(async (tx) => {
      await sql`select from job for update`.execute(tx);
      isLooking.resolve();
      await sleep(100);
    });
    await isLooking.promise;

    const claimed = await claimOne(db, id);

    expect(ticketOf(claimed)).toBe("t1");
    await looks;
  },
);

it("rings each due job once in 5 seconds, however many relays ask", async () => {
  await addJobs(300, sql`null`);
  await addJobs(30, sql`'desk/' || n % 10`);
  await send(db, "ticket.file", about("later"), { runAt: new Date(Date.now() + 60_000) });

  const ids = (await Promise.all(Array.from({ length: 8 }, () => ringDue(db, 500)))).flatMap(
    ({ ids }) => ids,
  );
  expect(ids).toHaveLength(310);
  expect(new Set(ids).size).toBe(310);
  expect((await ringDue(db, 500)).ids).toEqual([]);

  await database.setNow(new Date(Date.now() + 5100));
  expect((await ringDue(db, 500)).ids).toHaveLength(310);
});

const TRIES = 100; // one of six goes to the oldest: none of a hundred does once in a hundred million runs

describe("in a backlog", () => {
  let oldest: string[];
  let newest: string[];
  beforeEach(async () => {
    await addJobs(100, sql`null`);
    await sql`update job set run_at = run_at - (100 - seq % 100) * interval '1 minute'`.execute(db);
    await sql`update job set due_at = run_at`.execute(db);
    const ids = (await db.selectFrom("job").select("id").orderBy("run_at").execute()).map(
      ({ id }) => id,
    );
    oldest = ids.slice(0, 20);
    newest = ids.slice(-20);
  });

  it("gives three of four places to those that have just come, one to those due first", async () => {
    const claimed = (await claimDue(db, 12)).map(({ id }) => id);

    expect(sharesOf(claimed)).toEqual({ newest: 9, oldest: 3, others: 0 });
  });

  it("rings both alike, and no more than it was asked for", async () => {
    const { ids } = await ringDue(db, 12);

    expect(sharesOf(ids)).toEqual({ newest: 9, oldest: 3, others: 0 });
  });

  it.each([
    ["claimed", async () => (await claimDue(db, 15)).map(({ id }) => id)],
    ["rung", async () => (await ringDue(db, 15)).ids],
  ])("lets messages of lanes be %s beside it, as many as wait longest", async (_how, take) => {
    await addJobs(20, sql`'desk/' || n`);
    await sql`update lane set next_at = deskline_now() - interval '1 second'`.execute(db);

    const taken = await take();

    expect(sharesOf(taken)).toEqual({ newest: 9, oldest: 3, others: 3 });
  });

  it("takes for new nothing that was tried before and waits for its next try", async () => {
    await sql`
      update job set run_at = deskline_now() - seq % 100 * interval '1 millisecond', attempts = 3
      where id <> all (${newest}::uuid[])`.execute(db); // as when the desk is back
    const oldestAgain = await db
      .selectFrom("job")
      .select("id")
      .where("id", "not in", newest)
      .orderBy("run_at")
      .execute();
    oldest = oldestAgain.map(({ id }) => id);

    expect(sharesOf((await ringDue(db, 12)).ids).newest).toBeGreaterThanOrEqual(9);
    expect(sharesOf((await claimDue(db, 12)).map(({ id }) => id)).newest).toBeGreaterThanOrEqual(9);
  });

  it("gives a single place now to one, now to another", async () => {
    const claimed: string[] = [];
    for (let n = 0; n < TRIES; n++) {
      claimed.push(...(await claimDue(db, 1)).map(({ id }) => id));
      await sql`update job set claim = null, leased_until = null`.execute(db);
    }

    const shares = sharesOf(claimed);
    expect(shares.newest).toBeGreaterThan(0);
    expect(shares.oldest).toBeGreaterThan(0);
    expect(shares.others).toBe(0);
  });

  it("fills all places where nothing but lanes is busy", async () => {
    await db.deleteFrom("job").execute();
    await addJobs(40, sql`'desk/' || n`);

    expect(await claimDue(db, 10)).toHaveLength(10);
    expect((await ringDue(db, 10)).ids).toHaveLength(10);
  });

  function sharesOf(ids: string[]) {
    const isOf = (group: string[]) => ids.filter((id) => group.includes(id)).length;
    const shares = { newest: isOf(newest), oldest: isOf(oldest) };
    return { ...shares, others: ids.length - shares.newest - shares.oldest };
  }
});

async function addJobs(count: number, lane: ReturnType<typeof sql>): Promise<void> {
  await sql`
    insert into job (name, payload, lane)
    select 'ticket.file', '{"accountId": "acme", "ticketId": "t"}', ${lane}
    from generate_series(1, ${count}::int) as n`.execute(db);
  await sql`insert into lane (key) select distinct lane from job where lane is not null
    on conflict do nothing`.execute(db);
}

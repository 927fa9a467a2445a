import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Db } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
import { claimDue, claimOne } from "#jobs/claims.ts";
import { channelLane, deskLane, type Lane } from "#jobs/lanes.ts";
import { finishJob, handBackJob, LEASE_MS } from "#jobs/queue.ts";
import { dueInMs, mendLanes, ringDue } from "#jobs/rings.ts";
import { runJob } from "#jobs/run.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import { about, claimTheOne, contextOf, send, ticketOf } from "../support/jobs.ts";

const channel = channelLane("T1", "C1");
const quietChannel = channelLane("T1", "C2");
const ticketAtDesk = deskLane("t1");

describe.each(databases)("a lane on %s", (_kind, open) => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await open();
    db = database.db;
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    await db.deleteFrom("job").execute();
    await db.deleteFrom("lane").execute();
    await database.setNow(null);
  });

  it("lets one job through at a time, in the order they came", async () => {
    for (const ticket of ["a", "b", "c"]) await tell(ticket, ticketAtDesk);
    const order: (string | undefined)[] = [];

    for (let turn = 0; turn < 3; turn++) {
      const job = await claimTheOne(db);
      expect(await claimDue(db, 10)).toEqual([]);
      order.push(ticketOf(job));
      await finishJob(db, job);
    }

    expect(order).toEqual(["a", "b", "c"]);
  });

  it("rests a second between two messages into a channel, and not between two calls of a desk", async () => {
    for (const ticket of ["a", "b"]) await tell(ticket, channel);
    await finishJob(db, await claimTheOne(db));
    expect(await claimDue(db, 10)).toEqual([]);
    const restMs = await dueInMs(db); // a busy machine asks late
    expect(restMs).toBeGreaterThan(0);
    expect(restMs).toBeLessThanOrEqual(1000);

    await later(1010);
    expect(ticketOf(await claimTheOne(db))).toBe("b");
  });

  it("does not hold up another lane", async () => {
    await tell("a", channel);
    await tell("b", channel);
    await tell("c", quietChannel);

    expect((await claimDue(db, 10)).map(ticketOf).sort()).toEqual(["a", "c"]);
  });

  it("waits as long as a 429 says, alone, and then goes on with the same job", async () => {
    const limited = contextOf(db, {
      "ticket.tell-desk": {
        run: () => Promise.reject(new RetryLater("429", { afterMs: 30_000 })),
      },
    });
    await tell("a", channel);
    await tell("b", channel);
    await runJob(limited, await claimTheOne(db));
    await tell("c", quietChannel);

    expect(ticketOf(await claimTheOne(db))).toBe("c");
    await later(29_000);
    expect((await claimDue(db, 10)).map(ticketOf)).toEqual(["c"]); // its own lease has ended
    await later(30_100);
    expect(ticketOf(await claimTheOne(db))).toBe("a");
  });

  it("is free again when the lease of a dead worker has ended", async () => {
    await tell("a", channel);
    await tell("b", channel);
    await claimTheOne(db);

    await later(LEASE_MS - 500);
    expect(await claimDue(db, 10)).toEqual([]);
    await later(LEASE_MS + 500);

    expect(await claimTheOne(db)).toMatchObject({ crashes: 1, payload: { ticketId: "a" } });
  });

  it("keeps its pace when a job is handed back", async () => {
    await tell("a", channel);
    await handBackJob(db, await claimTheOne(db));

    expect(await claimDue(db, 10)).toEqual([]);
    await later(1010);
    expect(await claimTheOne(db)).toMatchObject({ attempts: 1, crashes: 0, failures: 0 });
  });

  it("gives a job by its id only when it is the first", async () => {
    for (const ticket of ["a", "b"]) await tell(ticket, ticketAtDesk);
    const [first = "", second = ""] = await idsInOrder(db);

    expect(await claimOne(db, second)).toBeUndefined();
    const job = await claimOne(db, first);
    expect(ticketOf(job)).toBe("a");
    expect(await claimOne(db, second)).toBeUndefined();
    if (job) await finishJob(db, job);

    expect(ticketOf(await claimOne(db, second))).toBe("b");
  });

  it("rings its first job only", async () => {
    for (const ticket of ["a", "b"]) await tell(ticket, ticketAtDesk);
    const [first] = await idsInOrder(db);

    expect((await ringDue(db, 10)).ids).toEqual([first]);
  });

  it("comes back when its row was lost", async () => {
    await tell("a", channel);
    await db.deleteFrom("lane").execute();
    expect(await claimDue(db, 10)).toEqual([]);

    await mendLanes(db);

    expect(ticketOf(await claimTheOne(db))).toBe("a");
  });

  it("goes when it was idle for a day, and stays while anything waits in it", async () => {
    await tell("a", ticketAtDesk);
    await finishJob(db, await claimTheOne(db));
    await tell("b", channel);
    await later(86_400_000 + 60_000);

    await mendLanes(db);

    const lanes = await db.selectFrom("lane").select("key").execute();
    expect(lanes).toEqual([{ key: channel }]);
  });

  async function tell(ticket: string, lane: Lane): Promise<void> {
    await send(db, "ticket.tell-desk", { ...about(ticket), historyId: "h" }, { lane });
  }
  async function later(ms: number): Promise<void> {
    await database.setNow(new Date(Date.now() + ms));
  }
});

it("lets one job through at a time, in order, over 4 workers", async () => {
  await using database = await createTestDatabase();
  await using workers = new AsyncDisposableStack();
  const names = ["x", "y", "z"];
  for (let n = 0; n < 40; n++)
    for (const name of names)
      await send(
        database.db,
        "ticket.tell-desk",
        { ...about(name), historyId: String(n) },
        { lane: deskLane(name) },
      );
  const inside = new Map<string, number>();
  const seen = new Map<string, string[]>(names.map((name) => [name, []]));
  let most = 0;

  await Promise.all(
    Array.from({ length: 4 }, async () => {
      const { db } = workers.use(await connect({ url: database.url }));
      const context = contextOf(db, {
        "ticket.tell-desk": {
          async run({ ticketId, historyId }) {
            inside.set(ticketId, (inside.get(ticketId) ?? 0) + 1);
            most = Math.max(most, inside.get(ticketId) ?? 0);
            seen.get(ticketId)?.push(historyId);
            await sql`select pg_sleep(0.002)`.execute(db);
            inside.set(ticketId, (inside.get(ticketId) ?? 0) - 1);
          },
        },
      });
      while ([...seen.values()].flat().length < 120)
        await Promise.all((await claimDue(db, 10)).map((job) => runJob(context, job)));
    }),
  );

  const inOrder = Array.from({ length: 40 }, (_, n) => String(n));
  expect(most).toBe(1);
  for (const name of names) expect(seen.get(name)).toEqual(inOrder);
});

async function idsInOrder(db: Db): Promise<string[]> {
  const rows = await db.selectFrom("job").select("id").orderBy("seq").execute();
  return rows.map((row) => row.id);
}

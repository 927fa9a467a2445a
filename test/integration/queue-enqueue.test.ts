import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Db } from "#db/connect.ts";
import { claimDue } from "#jobs/claims.ts";
import { channelLane, deskLane, methodLane } from "#jobs/lanes.ts";
import { enqueue, finishJob, postponeJob } from "#jobs/queue.ts";
import { mendLanes } from "#jobs/rings.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import { about, allJobs, claimTheOne, send, ticketOf } from "../support/jobs.ts";

const edits = { lane: methodLane("T1", "chat.update"), coalesce: true };

describe.each(databases)("a job saved on %s", (_kind, open) => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await open();
    db = database.db;
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(() => empty(database));

  it("is there when its transaction is committed, and rings then", async () => {
    let rings = 0;
    await using _listening = await database.listen("job", () => {
      rings += 1;
    });
    const before = rings;

    await db.transaction().execute(async (tx) => {
      await enqueue(tx, "ticket.file", about("t1"));
      await sleep(50);
      expect(rings).toBe(before);
    });

    await expect.poll(() => rings).toBeGreaterThan(before);
    expect(ticketOf(await claimTheOne(db))).toBe("t1");
  });

  it("goes with its transaction, and its lane too", async () => {
    const failing = db.transaction().execute(async (tx) => {
      await enqueue(tx, "ticket.file", about("t1"));
      await enqueue(tx, "ticket.edit-card", about("t1"), edits);
      throw new Error("no");
    });

    await expect(failing).rejects.toThrow("no");
    expect(await allJobs(db)).toEqual([]);
    expect(await db.selectFrom("lane").selectAll().execute()).toEqual([]);
  });

  it("must have the payload of its name", async () => {
    const wrong = { accountId: "acme" } as never;

    await expect(send(db, "ticket.file", wrong)).rejects.toThrow(/ticketId/);
  });

  it("is the only one with its key, for ever", async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => send(db, "ticket.file", about(`t${n}`), { key: "k" })),
    );
    await finishJob(db, await claimTheOne(db));
    await send(db, "ticket.file", about("later"), { key: "k" });

    expect(await allJobs(db)).toHaveLength(1);
  });

  it("takes in another like it that comes before it starts, and no other", async () => {
    for (const ticket of ["t1", "t1", "t2", "t1"])
      await send(db, "ticket.edit-card", about(ticket), edits);
    await send(db, "ticket.edit-triage-card", about("t1"), edits);
    await send(db, "ticket.edit-card", about("t1"), {
      ...edits,
      lane: methodLane("T2", "chat.update"),
    });
    await send(db, "ticket.edit-card", about("t1"), { lane: edits.lane });

    expect((await allJobs(db)).map((job) => [job.name, ticketOf(job), job.lane])).toEqual([
      ["ticket.edit-card", "t1", edits.lane],
      ["ticket.edit-card", "t2", edits.lane],
      ["ticket.edit-triage-card", "t1", edits.lane],
      ["ticket.edit-card", "t1", "method/T2/chat.update"],
      ["ticket.edit-card", "t1", edits.lane],
    ]);
  });

  it("is saved beside one that has started, and not beside one that will start again", async () => {
    await send(db, "ticket.edit-card", about("t1"), edits);
    const started = await claimTheOne(db);
    await send(db, "ticket.edit-card", about("t1"), edits);
    expect(await allJobs(db)).toHaveLength(2);

    await postponeJob(db, started, { afterMs: 0, error: "not now", failed: false });
    await send(db, "ticket.edit-card", about("t1"), edits);

    expect(await allJobs(db)).toHaveLength(2);
  });
});

describe("jobs saved at the same time", () => {
  let database: TestDatabase & { url: string };
  let db: Db;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = database.db;
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(() => empty(database));

  it("do not start before the change they were coalesced with is committed", async () => {
    await send(db, "ticket.edit-card", about("t1"), edits);
    const [counting, change] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const changing = db.transaction().execute(async (tx) => {
      await enqueue(tx, "ticket.edit-card", about("t1"), edits);
      counting.resolve();
      await change.promise;
    });
    await counting.promise;
    expect(await claimDue(db, 10)).toEqual([]);

    change.resolve();
    await changing;

    expect(ticketOf(await claimTheOne(db))).toBe("t1");
    expect(await allJobs(db)).toHaveLength(1);
  });

  it("do not count on one that a worker is claiming at that moment", async () => {
    await send(db, "ticket.edit-card", about("t1"), edits);
    const [claiming, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const claim = db.transaction().execute(async (tx) => {
      expect(await claimDue(tx, 10)).toHaveLength(1);
      claiming.resolve();
      await commit.promise;
    });
    await claiming.promise;

    await send(db, "ticket.edit-card", about("t1"), edits);

    commit.resolve();
    await claim;
    expect(await allJobs(db)).toHaveLength(2);
  });

  it("are coalesced a hundred times, and the last one still starts after the last change", async () => {
    const changes = Array.from({ length: 100 }, (_, n) => n + 1);
    await send(db, "ticket.file", about("t1"));
    await db.insertInto("account").values({ id: "acme", name: "0" }).execute();
    let seen = "0";
    const watch = async () => {
      for (const job of await claimDue(db, 10)) {
        const { name } = await db.selectFrom("account").select("name").executeTakeFirstOrThrow();
        if (job.name === "ticket.edit-card") seen = name;
        await finishJob(db, job);
        await db
          .updateTable("lane")
          .set({ next_at: new Date(0) })
          .execute();
      }
    };

    for (const n of changes) {
      const changing = db.transaction().execute(async (tx) => {
        await tx
          .updateTable("account")
          .set({ name: String(n) })
          .execute();
        await enqueue(tx, "ticket.edit-card", about("t1"), edits);
        await sleep(n % 3);
      });
      await Promise.all([changing, watch(), watch()]);
    }
    await watch();
    await watch();

    expect(seen).toBe("100");
    await db.deleteFrom("account").execute();
  });

  it("open the same two lanes in either order without a deadlock", async () => {
    const both = Promise.withResolvers<void>();
    let opened = 0;
    const open = (first: string, second: string) =>
      db.transaction().execute(async (tx) => {
        await enqueue(
          tx,
          "ticket.tell-desk",
          { ...about("t1"), historyId: "h" },
          { lane: deskLane(first) },
        );
        opened += 1;
        if (opened === 2) both.resolve();
        await both.promise;
        await enqueue(
          tx,
          "ticket.tell-desk",
          { ...about("t1"), historyId: "h" },
          { lane: deskLane(second) },
        );
      });

    await Promise.all([open("a", "b"), open("b", "a")]);

    const lanes = await db.selectFrom("lane").select("key").orderBy("key").execute();
    expect(lanes.map((lane) => lane.key)).toEqual(["desk/a", "desk/b"]);
    expect(await allJobs(db)).toHaveLength(4);
  });

  it("get their lane from the sweep when the one who was making it rolled back", async () => {
    const lane = channelLane("T1", "C1");
    await using other = await connect({ url: database.url });
    const maker = db.transaction().execute(async (tx) => {
      await enqueue(tx, "ticket.tell-desk", { ...about("lost"), historyId: "h" }, { lane });
      await send(other.db, "ticket.tell-desk", { ...about("kept"), historyId: "h" }, { lane });
      throw new Error("rolled back");
    });
    await expect(maker).rejects.toThrow("rolled back");
    expect(await claimDue(db, 10)).toEqual([]);

    await mendLanes(db);

    expect(ticketOf(await claimTheOne(db))).toBe("kept");
  });
});

async function empty({ db }: TestDatabase): Promise<void> {
  await db.deleteFrom("job").execute();
  await db.deleteFrom("lane").execute();
}

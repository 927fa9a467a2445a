import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { LostLease } from "#errors.ts";
import { onFaultPoint } from "#fault-points.ts";
import { claimDue } from "#jobs/claims.ts";
import { deskLane } from "#jobs/lanes.ts";
import { gatherJobs } from "#jobs/moves.ts";
import { once } from "#jobs/once.ts";
import {
  buryJob,
  type ClaimedJob,
  finishJob,
  finishWith,
  handBackJob,
  keepClaim,
  LEASE_MS,
  postponeJob,
} from "#jobs/queue.ts";
import { runJob } from "#jobs/run.ts";
import type { TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import {
  about,
  allJobs,
  claimTheOne,
  contextOf,
  runAllDue,
  runOf,
  send,
  ticketOf,
} from "../support/jobs.ts";

const lane = deskLane("t1");
const NO_CHANGE = { tables: sql`nothing as (select)`, isMade: sql<boolean>`true` };

const SHORT_LEASE_MS = 500;

/** As SIGSTOP does: no timer, no answer, nothing. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe.each(databases)("a worker on %s that slept past its lease", (_kind, open) => {
  let database: TestDatabase;
  let db: Db;
  let sleeper: ClaimedJob;
  let owner: ClaimedJob;
  beforeAll(async () => {
    database = await open();
    db = database.db;
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    await db.deleteFrom("job").execute();
    await db.deleteFrom("lane").execute();
    await database.setNow(null);
    await send(db, "ticket.tell-desk", { ...about("t1"), historyId: "h" }, { lane });
    sleeper = await claimTheOne(db);
    await database.setNow(new Date(Date.now() + LEASE_MS + 1000));
    owner = await claimTheOne(db);
  });

  it.each([
    ["finish", () => finishJob(db, sleeper)],
    ["finish with its last change", () => finishWith(db, sleeper, NO_CHANGE)],
    ["postpone", () => postponeJob(db, sleeper, { afterMs: 60_000, error: "late", failed: true })],
    ["bury", () => db.transaction().execute((tx) => buryJob(tx, sleeper, "late"))],
    ["hand back", () => handBackJob(db, sleeper)],
  ])("cannot %s the job, nor free its lane", async (_what, act) => {
    await act();

    expect(await allJobs(db)).toMatchObject([
      { claim: owner.claim, done_at: null, dead_at: null, last_error: null, failures: 0 },
    ]);
    expect(await lanes()).toMatchObject([{ claim: owner.claim, leased_until: expect.any(Date) }]);
  });

  it("is told that its lease is lost, and sends nothing", async () => {
    let sent = 0;
    const reference = z.object({ ts: z.string() });
    const sending = once({ db, run: runOf(db, sleeper) }, "message", {
      reference,
      lookUp: async () => undefined,
      send: async () => ({ ts: String(++sent) }),
    });

    await expect(sending).rejects.toThrow(LostLease);
    expect(sent).toBe(0);
    expect(await keepClaim(db, sleeper)).toBe(false);
    expect(await keepClaim(db, owner)).toBe(true);
  });

  it("may go on when nobody has taken over", async () => {
    await database.setNow(new Date(Date.now() + 3 * LEASE_MS));

    expect(await keepClaim(db, owner)).toBe(true);
    await finishJob(db, owner);

    expect(await allJobs(db)).toMatchObject([{ done_at: expect.any(Date) }]);
    expect(await lanes()).toMatchObject([{ claim: null, leased_until: null }]);
  });

  it("has lost its lane too, when an earlier job appeared in it", async () => {
    await putBefore(owner);
    await database.setNow(new Date(Date.now() + 3 * LEASE_MS));
    const earlier = await claimTheOne(db);
    expect(ticketOf(earlier)).toBe("earlier");

    expect(await keepClaim(db, owner)).toBe(false);
    await finishJob(db, owner);

    expect(await lanes()).toMatchObject([{ claim: earlier.claim }]);
    expect(await keepClaim(db, earlier)).toBe(true);
  });

  it("extends the lease of the lane with that of the job", async () => {
    const before = await leases();
    await database.setNow(new Date(Date.now() + LEASE_MS + 8000));

    await keepClaim(db, owner);

    const after = await leases();
    expect(after.lane.getTime() - before.lane.getTime()).toBeGreaterThan(6000);
    expect(after.job.getTime() - before.job.getTime()).toBeGreaterThan(6000);
    expect(await claimDue(db, 10)).toEqual([]);
  });

  it("sends nothing when it was stopped after it had looked", async () => {
    await database.setNow(null);
    await db.deleteFrom("job").execute();
    await db.deleteFrom("lane").execute();
    await send(db, "ticket.tell-desk", { ...about("t1"), historyId: "h" }, { lane });
    const [job] = await claimDue(db, 1, SHORT_LEASE_MS);
    let sent = 0;
    const context = contextOf(db, {
      "ticket.tell-desk": {
        async run(_payload, run) {
          await once({ db, run }, "stopped", {
            reference: z.object({ ts: z.string() }),
            lookUp: async () => undefined,
            send: async () => ({ ts: String(++sent) }),
          });
        },
      },
    });
    onFaultPoint(async (point) => {
      if (point === "once.before-send") standStill(SHORT_LEASE_MS + 100);
    });

    await runJob(context, job as ClaimedJob); // it was just enqueued
    onFaultPoint(undefined);

    expect(sent).toBe(0);
    expect(await allJobs(db)).toMatchObject([{ done_at: null, failures: 0 }]);
  });

  async function lanes() {
    return db.selectFrom("lane").selectAll().execute();
  }
  async function leases(): Promise<{ job: Date; lane: Date }> {
    const { rows } = await sql<{ job: Date; lane: Date }>`
      select job.leased_until as job, lane.leased_until as lane
      from job join lane on lane.key = job.lane`.execute(db);
    const [row] = rows;
    if (!row) throw new Error("no job is in the lane");
    return row;
  }
  /** A job that got its number first and was committed last. */
  async function putBefore(job: ClaimedJob): Promise<void> {
    await sql`
      insert into job (seq, name, payload, lane) overriding system value
      select seq - 1, name, ${JSON.stringify({ ...about("earlier"), historyId: "h" })}, lane
      from job where id = ${job.id}`.execute(db);
  }
});

describe.each(databases)("a job on %s that is moved into a lane while it runs", (_kind, open) => {
  it("stops before it sends, and its next run waits for no lease", async () => {
    await using database = await open();
    const { db } = database;
    await send(db, "ticket.tell-desk", { ...about("t1"), historyId: "h" });
    let runs = 0;
    let sent = 0;
    const context = contextOf(db, {
      "ticket.tell-desk": {
        async run(_payload, run) {
          runs += 1;
          if (runs === 1) await move(db);
          await once({ db, run }, "moved", {
            reference: z.object({ ts: z.string() }),
            lookUp: async () => undefined,
            send: async () => ({ ts: String(++sent) }),
          });
        },
      },
    });

    await runAllDue(context);

    expect({ runs, sent }).toEqual({ runs: 2, sent: 1 });
    expect(await allJobs(db)).toMatchObject([{ lane, done_at: expect.any(Date), crashes: 0 }]);
  });

  async function move(db: Db): Promise<void> {
    await db
      .transaction()
      .execute((tx) => gatherJobs(tx, { ticketId: "t1", names: ["ticket.tell-desk"] }, lane));
  }
});

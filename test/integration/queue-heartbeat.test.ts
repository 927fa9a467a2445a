import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect } from "#db/connect.ts";
import { LostLease } from "#errors.ts";
import { claimDue } from "#jobs/claims.ts";
import type { Run } from "#jobs/handlers.ts";
import type { ClaimedJob } from "#jobs/queue.ts";
import { runJob } from "#jobs/run.ts";
import { createTestDatabase } from "../support/database.ts";
import { openGate } from "../support/gate.ts";
import { about, allJobs, contextOf, send } from "../support/jobs.ts";

const LEASE_MS = 900;

describe("a job that runs long", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    await database.db.deleteFrom("job").execute();
    await send(database.db, "ticket.file", about("t1"));
  });

  it("stays its worker's for three leases, and nobody else gets it", async () => {
    const { db } = database;
    const taken: ClaimedJob[] = [];

    const running = run(db, await claimShortly(), () => sleep(3 * LEASE_MS));
    for (let look = 0; look < 8; look++) {
      await sleep(LEASE_MS / 3);
      taken.push(...(await claimDue(db, 10, LEASE_MS)));
    }
    await running;

    expect(taken).toEqual([]);
    expect(await allJobs(db)).toMatchObject([{ done_at: expect.any(Date), crashes: 0 }]);
  });

  it("is told when another worker has it, and leaves the row alone", async () => {
    const { db } = database;
    let why: unknown;

    const running = run(db, await claimShortly(), ({ signal }) => untilAborted(signal));
    await sql`update job set claim = gen_random_uuid()`.execute(db);
    const [theirs] = await allJobs(db);
    await running;

    expect(why).toBeInstanceOf(LostLease);
    expect(await allJobs(db)).toMatchObject([{ claim: theirs?.claim, failures: 0, attempts: 1 }]);

    async function untilAborted(signal: AbortSignal): Promise<never> {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      why = signal.reason;
      throw signal.reason;
    }
  });

  it("is told before its lease ends when the database has gone silent", async () => {
    const url = new URL(database.url);
    await using gate = await openGate(Number(url.port));
    url.port = String(gate.port);
    await using cutOff = await connect({ url: url.href });
    await sql`select 1`.execute(cutOff.db);
    const job = await claimShortly();
    let toldAfterMs = Number.POSITIVE_INFINITY;

    const running = run(cutOff.db, job, async ({ signal }) => {
      gate.silence();
      const since = performance.now();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      toldAfterMs = performance.now() - since;
    });
    await expect.poll(() => toldAfterMs).toBeLessThan(LEASE_MS);
    gate.cut();
    await running;
  });

  async function claimShortly(): Promise<ClaimedJob> {
    const [job] = await claimDue(database.db, 1, LEASE_MS);
    if (!job) throw new Error("no job is due");
    return job;
  }
});

function run(
  db: Parameters<typeof contextOf>[0],
  job: ClaimedJob,
  work: (run: Run) => Promise<unknown>,
): Promise<void> {
  const handler = { run: async (_payload: unknown, its: Run) => void (await work(its)) };
  return runJob(contextOf(db, { "ticket.file": handler }), job);
}

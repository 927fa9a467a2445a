import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database, type Db } from "#db/connect.ts";
import { hurryJob } from "#jobs/dead.ts";
import { deskLane } from "#jobs/lanes.ts";
import { hurryLane, moveJob } from "#jobs/moves.ts";
import {
  buryJob,
  type ClaimedJob,
  finishJob,
  handBackJob,
  keepClaim,
  postponeJob,
} from "#jobs/queue.ts";
import { createTestDatabase } from "../support/database.ts";
import { about, claimTheOne, send } from "../support/jobs.ts";

/** Over PostgreSQL only: PGlite has one connection, so that nobody waits for anybody. */
let database: Database & { url: string };
let other: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  other = await connect({ url: database.url });
});
afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const lane = deskLane("t1");

type Acts<T> = Record<string, (db: Db, job: T) => Promise<unknown>>;
/** What a worker does with the job in its hand; its heartbeat goes on beside all of it. */
const worker: Acts<ClaimedJob> = {
  keepClaim,
  finishJob,
  handBackJob,
  postponeJob: (db, job) => postponeJob(db, job, { afterMs: 1, error: "", failed: false }),
  buryJob: (db, job) => db.transaction().execute((tx) => buryJob(tx, job, "")),
  moveJob: (db, { id }) => moveJob(db, id, null),
};
/** What others do with one that waits. */
const others: Acts<{ id: string }> = {
  hurryLane: (db) => hurryLane(db, lane),
  hurryJob: (db, { id }) => hurryJob(db, id),
};

describe("two who need a job and its lane at the same time, after a third", () => {
  it.each(pairsOf(worker))("%s and %s end without a deadlock", async (_first, _second, acts) => {
    await renewed();
    const job = await claimTheOne(database.db);

    await expect(afterAThird(job, acts)).resolves.toBeDefined();
  });

  it.each(pairsOf(others))("%s and %s end without a deadlock", async (_first, _second, acts) => {
    await renewed();
    const job = await database.db.selectFrom("job").select("id").executeTakeFirstOrThrow();

    await expect(afterAThird(job, acts)).resolves.toBeDefined();
  });
});

async function renewed(): Promise<void> {
  await database.db.deleteFrom("job").execute();
  await database.db.deleteFrom("lane").execute();
  await send(database.db, "ticket.tell-desk", { ...about("t1"), historyId: "h" }, { lane });
}

/** The third has the job until both wait: for it, or one for the other. */
async function afterAThird<T extends { id: string }>(
  job: T,
  acts: Acts<T>[string][],
): Promise<unknown[]> {
  const [has, gives] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const third = other.db.transaction().execute(async (tx) => {
    await sql`select from job where id = ${job.id} for update`.execute(tx);
    has.resolve();
    await gives.promise;
  });
  await has.promise;
  const begun: Promise<unknown>[] = [];
  for (const act of acts) {
    begun.push(act(database.db, job));
    await untilWaiting(begun.length);
  }
  gives.resolve();
  return Promise.all([...begun, third]);
}

async function untilWaiting(many: number): Promise<void> {
  for (let look = 0; look < 500; look += 1) {
    const { rows } = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(other.db);
    if (rows.length >= many) return;
    await sleep(10);
  }
  throw new Error(`${many} were to wait.`);
}

function pairsOf<T>(acts: Acts<T>): [string, string, Acts<T>[string][]][] {
  const all = Object.entries(acts);
  return all.flatMap(([first, one]) =>
    all.map(([second, another]): [string, string, Acts<T>[string][]] => [
      first,
      second,
      [one, another],
    ]),
  );
}

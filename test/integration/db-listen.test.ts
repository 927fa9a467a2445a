import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { expect, it } from "vitest";
import { connect, type Db } from "#db/connect.ts";
import { createTestDatabase } from "../support/database.ts";
import { openGate } from "../support/gate.ts";

it("listens again within a second when its connection is cut, and tells that it may have missed something", async () => {
  await using database = await createTestDatabase();
  let rings = 0;
  await using _listening = await database.listen("job", () => {
    rings += 1;
  });
  expect(rings).toBe(1);

  for (const cut of [1, 2]) {
    await cutListeners(database.db);
    await expect.poll(() => rings, { timeout: 3000 }).toBe(2 * cut);

    await sql`select pg_notify('job', '')`.execute(database.db);
    await expect.poll(() => rings).toBe(2 * cut + 1);
  }
  expect(await listeners(database.db)).toBe(1);
});

it("hears again within 25 seconds when its link has gone silent", { timeout: 40_000 }, async () => {
  await using database = await createTestDatabase();
  const url = new URL(database.url);
  await using gate = await openGate(Number(url.port));
  url.port = String(gate.port);
  await using behind = await connect({ url: url.href });
  let rings = 0;
  await using _listening = await behind.listen("job", () => {
    rings += 1;
  });

  gate.silence();

  await expect.poll(() => rings, { timeout: 25_000 }).toBe(2);
  await sql`select pg_notify('job', '')`.execute(database.db);
  await expect.poll(() => rings).toBe(3);
});

it("asks over new connections once they are renewed, and leaves none of the old ones", async () => {
  await using database = await createTestDatabase();
  const slow = sql`select pg_sleep(0.5)`.execute(database.db);
  const before = await pids(database.db);

  database.renew();
  const after = await pids(database.db);
  await slow;

  expect(after.asked).not.toBe(before.asked);
  await expect.poll(async () => (await pids(database.db)).all).not.toContain(before.asked);
});

it("stops listening when it is told to, even while it is cut off", async () => {
  await using database = await createTestDatabase();
  const listening = await database.listen("job", () => {});
  await cutListeners(database.db);

  await listening[Symbol.asyncDispose]();

  await sleep(800);
  expect(await listeners(database.db)).toBe(0);
});

it("survives a connection that is cut between two queries of a transaction", async () => {
  await using database = await createTestDatabase();
  await using other = await connect({ url: database.url });

  const cut = database.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(other.db);
    await sleep(100);
    await sql`select 1`.execute(tx);
  });

  await expect(cut).rejects.toThrow();
  expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
});

const listening = sql`query = 'listen job' and datname = current_database()`;

async function cutListeners(db: Db): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where ${listening}`.execute(db);
}

async function listeners(db: Db): Promise<number> {
  const { rows } = await sql`select from pg_stat_activity where ${listening}`.execute(db);
  return rows.length;
}

async function pids(db: Db): Promise<{ asked: number | undefined; all: number[] }> {
  const { rows } = await sql<{ pid: number; isAsked: boolean }>`
    select pid, pid = pg_backend_pid() as "isAsked" from pg_stat_activity
    where datname = current_database()`.execute(db);
  return { asked: rows.find((row) => row.isAsked)?.pid, all: rows.map((row) => row.pid) };
}

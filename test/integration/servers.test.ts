import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { expect, it, vi } from "vitest";
import type { Db } from "#db/connect.ts";
import { createEmbeddedDatabase, createTestDatabase } from "../support/database.ts";

it.each([
  ["PostgreSQL", createTestDatabase],
  ["PGlite", createEmbeddedDatabase],
])("gives %s a clock to set, which goes on from there", async (_, create) => {
  await using database = await create();
  const noon = new Date("2030-01-01T12:00:00Z");

  await database.setNow(noon);
  const first = Number(await readClock(database.db));
  expect(first - Number(noon)).toBeGreaterThanOrEqual(0);
  expect(first - Number(noon)).toBeLessThan(10_000);
  await sleep(20);
  expect(Number(await readClock(database.db))).toBeGreaterThan(first);

  await database.setNow(null);
  expect(Math.abs(Number(await readClock(database.db)) - Date.now())).toBeLessThan(60_000);
});

it("gives each test a database of its own", async () => {
  await using one = await createTestDatabase();
  await using other = await createTestDatabase();
  await one.db.insertInto("account").values({ id: "acme", name: "Acme" }).execute();

  expect(await other.db.selectFrom("account").selectAll().execute()).toEqual([]);
});

it("leaves no server behind when the run is killed", async () => {
  const script = `
    const { startRedis } = await import("./test/support/redis-server.ts");
    const redis = await startRedis();
    console.log(new URL(redis.url).port);
    setInterval(() => {}, 1000);
  `;
  const { REDIS_URL: _, ...env } = process.env;
  const killed = spawn(process.execPath, ["--input-type=module", "-e", script], { env });
  const [port] = await once(createInterface(killed.stdout), "line");
  expect(await isServed(Number(port))).toBe(true);

  killed.kill("SIGKILL");

  await vi.waitUntil(async () => !(await isServed(Number(port))), { timeout: 10_000 });
});

async function readClock(db: Db): Promise<Date | undefined> {
  const { rows } = await sql<{ now: Date }>`select deskline_now() as now`.execute(db);
  return rows[0]?.now;
}

async function isServed(port: number): Promise<boolean> {
  const socket = createConnection(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

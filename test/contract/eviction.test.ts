import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTestDatabase } from "../support/database.ts";
import { handlersOf } from "../support/jobs.ts";
import { startRedisThat } from "../support/redis-server.ts";
import { startOnRedis } from "./worker-systems.ts";

const WARNING = "Redis may throw jobs away: set maxmemory-policy to noeviction";
const ANSWERED_MS = 500;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

it("says within a minute that Redis evicts now, once for each change", async () => {
  await using database = await createTestDatabase();
  await using redis = await startRedisThat("noeviction");
  await using client = openClient(redis.url);
  const said: { msg: string; policy: string }[] = [];
  const log = pino({ level: "error" }, { write: (line: string) => said.push(JSON.parse(line)) });
  await using _worker = await startOnRedis(database.url, redis.url, handlersOf({}), log);
  const aMinuteWith = async (policy: string) => {
    await client.config("SET", "maxmemory-policy", policy);
    vi.advanceTimersByTime(60_000);
    await sleep(ANSWERED_MS);
    return said.map(({ msg, policy }) => `${msg}: ${policy}`);
  };

  expect(await aMinuteWith("noeviction")).toEqual([]);
  expect(await aMinuteWith("allkeys-lru")).toEqual([`${WARNING}: allkeys-lru`]);
  expect(await aMinuteWith("allkeys-lru")).toHaveLength(1);
  expect(await aMinuteWith("volatile-ttl")).toHaveLength(2);
  expect(await aMinuteWith("noeviction")).toHaveLength(2);
  expect(await aMinuteWith("volatile-ttl")).toHaveLength(3);
});

function openClient(url: string) {
  const client = new Redis(url);
  return Object.assign(client, { [Symbol.asyncDispose]: async () => client.disconnect() });
}

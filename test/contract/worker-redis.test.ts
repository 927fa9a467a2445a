import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { describe, it } from "vitest";
import { CannotStart } from "#errors.ts";
import type { Handlers } from "#jobs/handlers.ts";
import { enqueue } from "#jobs/queue.ts";
import { createTestDatabase } from "../support/database.ts";
import { openGate } from "../support/gate.ts";
import { about, allJobs, handlersOf, quiet, send } from "../support/jobs.ts";
import { redisUrl } from "../support/redis.ts";
import { startRedisThat } from "../support/redis-server.ts";
import { recording } from "./worker.contract.ts";
import { startOnRedis } from "./worker-systems.ts";

// They mostly wait, each with a database and a Redis database of its own.
describe.concurrent("the BullMQ worker", { timeout: 40_000 }, () => {
  it("loses nothing and doubles nothing when Redis is emptied again and again", async ({
    expect,
  }) => {
    await using world = await openWorld();
    const { ran, handler } = slowly();
    await using _a = await world.start({ "ticket.file": handler });
    await using _b = await world.start({ "ticket.file": handler });

    for (let round = 0; round < 10; round++) {
      await world.fileMany(round * 30, 30);
      await sleep(Math.random() * 60);
      await world.redis.flushdb();
    }

    await expect.poll(() => new Set(ran).size, { timeout: 20_000 }).toBe(300);
    await sleep(300);
    expect(ran).toHaveLength(300);
  });

  it("loses nothing and doubles nothing when Redis goes down and comes back empty", async ({
    expect,
  }) => {
    await using world = await openWorld();
    const { ran, handler } = slowly();
    await using _worker = await world.start({ "ticket.file": handler });
    await world.fileMany(0, 100);
    await expect.poll(() => ran.length, { interval: 5, timeout: 8000 }).toBeGreaterThan(5);

    world.closeGate();
    await world.fileMany(100, 100);
    await sleep(1000);
    await world.redis.flushdb();
    world.openGate();

    await expect.poll(() => new Set(ran).size, { timeout: 20_000 }).toBe(200);
    await sleep(300);
    expect(ran).toHaveLength(200);
  });

  it("starts while Redis is down, and runs what waits when it is there", async ({ expect }) => {
    await using world = await openWorld();
    world.closeGate();
    const { ran, handler } = recording();
    await send(world.db, "ticket.file", about("early"));
    await using _worker = await world.start({ "ticket.file": handler });
    await sleep(500);
    expect(ran).toEqual([]);
    expect(await allJobs(world.db)).toMatchObject([{ rung_at: null }]);

    world.openGate();

    await expect.poll(() => ran).toEqual(["early"]);
  });

  it.for(["allkeys-lru", "volatile-ttl"])(
    "does not start on a Redis that evicts (%s), and says what to set",
    async (policy, { expect }) => {
      await using database = await createTestDatabase();
      await using redis = await startRedisThat(policy);

      const started = startOnRedis(database.url, redis.url, handlersOf({}), quiet);

      await expect(started).rejects.toThrow(new RegExp(`"${policy}".*noeviction`));
    },
  );

  it.for([
    ["asks for a password", "redis://", "/0", /asks for a password.*REDIS_URL/],
    ["refuses the password", "redis://:wrong@", "/0", /"default" or its password.*REDIS_URL/],
    ["refuses the user", "redis://joe:sesame@", "/0", /"joe" or its password.*REDIS_URL/],
    ["has no such database", "redis://:sesame@", "/99", /no database 99.*REDIS_URL/],
  ] as const)(
    "does not start on a Redis that %s, and names the setting",
    async ([_what, before, path, sentence], { expect }) => {
      await using database = await createTestDatabase();
      await using redis = await startRedisThat("noeviction", { password: "sesame" });
      const url = redis.url.replace("redis://", before) + path;

      const started = startOnRedis(database.url, url, handlersOf({}), quiet);

      await expect(started).rejects.toThrow(sentence);
      await expect(started).rejects.toBeInstanceOf(CannotStart);
    },
  );

  it.for(["never was there", "has gone", "has gone silent"])(
    "stops in time when Redis %s, and leaves nothing connected",
    async (what, { expect }) => {
      await using world = await openWorld();
      if (what === "never was there") world.closeGate();
      const { ran, handler } = recording();
      const worker = await world.start({ "ticket.file": handler });
      if (what !== "never was there") {
        await send(world.db, "ticket.file", about("t1"));
        await expect.poll(() => ran).toEqual(["t1"]);
      }
      if (what === "has gone") world.closeGate();
      if (what === "has gone silent") world.gate.silence();
      await send(world.db, "ticket.file", about("t2"));
      const stoppedAt = Date.now();

      await worker[Symbol.asyncDispose]();

      expect(Date.now() - stoppedAt).toBeLessThan(7000);
      world.gate.cut();
      world.openGate();
      await sleep(2500);
      expect(await world.connectedWorkers()).toEqual([]);
    },
  );

  it("goes on by itself when the link to Redis is half open", async ({ expect }) => {
    await using world = await openWorld();
    const { ran, handler } = recording();
    await using _worker = await world.start({ "ticket.file": handler });
    await send(world.db, "ticket.file", about("t1"));
    await expect.poll(() => ran).toEqual(["t1"]);

    world.gate.silence();
    await send(world.db, "ticket.file", about("t2"));

    await expect.poll(() => ran, { timeout: 25_000 }).toEqual(["t1", "t2"]);
  });

  it("has nothing in hand when it has stopped, whatever is on its way from Redis", async ({
    expect,
  }) => {
    await using world = await openWorld();
    world.gate.slow(60);
    for (let round = 0; round < 4; round++) {
      const inHand = new Set<string>();
      const worker = await world.start({
        "ticket.file": {
          async run({ ticketId }) {
            inHand.add(ticketId);
            await sleep(300);
            inHand.delete(ticketId);
          },
        },
      });
      for (let n = 0; n < 20 + round; n++) {
        await world.fileMany(round * 100 + n, 1);
        await sleep(20);
      }

      await worker[Symbol.asyncDispose]();

      expect(inHand).toEqual(new Set());
    }
  });

  it("never has more bells in Redis than it needs, whatever waits", async ({ expect }) => {
    await using world = await openWorld();
    const held = Promise.withResolvers<void>();
    await world.fileMany(0, 3000);
    await using _worker = await world.start({ "ticket.file": { run: () => held.promise } });
    await using bells = world.openQueue();
    await expect.poll(() => countWaiting(bells), { timeout: 15_000 }).toBeGreaterThan(90);

    for (let seconds = 6; seconds <= 60; seconds += 6) {
      await world.database.setNow(new Date(Date.now() + seconds * 1000)); // each could be rung again
      await send(world.db, "ticket.file", about(`more${seconds}`));
      await sleep(60);
    }

    expect(await countWaiting(bells)).toBeLessThanOrEqual(200);
    held.resolve();
  });

  it("is not misled by a bell for a job that is done, running, not due or unknown", async ({
    expect,
  }) => {
    await using world = await openWorld();
    const { ran, handler } = slowly();
    await world.fileMany(0, 5);
    await send(world.db, "ticket.file", about("later"), { runAt: new Date(Date.now() + 60_000) });
    const ids = (await allJobs(world.db)).map((job) => job.id);
    await using bells = world.openQueue();
    const unknown = crypto.randomUUID();
    const alone = [...ids, unknown, "nonsense"].map((id) => [id]);
    const rung = [[...ids, unknown], ids, [...ids, "nonsense"], ids.toReversed(), ...alone];
    const opts = { removeOnComplete: true, removeOnFail: true };
    await bells.addBulk(rung.map((ids) => ({ name: "run", data: { ids }, opts })));

    await using _worker = await world.start({ "ticket.file": handler });

    await expect.poll(() => ran.length).toBe(5);
    await expect
      .poll(() => bells.getJobCountByTypes("waiting", "active"), { timeout: 15_000 })
      .toBe(0);
    expect(new Set(ran).size).toBe(5);
  });
});

let nextRedisDatabase = 4; // worker-systems.ts has those before

async function openWorld() {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  const place = new URL(`/${nextRedisDatabase++}`, redisUrl());
  const port = Number(place.port);
  const redis = stack.adopt(new Redis(place.href), (client) => client.disconnect());
  await redis.flushdb();
  const gate = stack.use(await openGate(port));
  const throughGate = new URL(place);
  throughGate.port = String(gate.port);
  const rest = stack.move();

  return {
    db: database.db,
    database,
    redis,
    gate,
    start: (some: Partial<Handlers>) =>
      startOnRedis(database.url, throughGate.href, handlersOf(some), quiet),
    closeGate() {
      gate.leadTo(undefined);
      gate.cut();
    },
    openGate: () => gate.leadTo(port),
    openQueue() {
      const connection = new Redis(place.href, { maxRetriesPerRequest: null });
      const queue = new Queue("deskline-jobs", { connection });
      return Object.assign(queue, {
        async [Symbol.asyncDispose]() {
          await queue.close();
          connection.disconnect();
        },
      });
    },
    fileMany: (from: number, count: number) =>
      database.db.transaction().execute(async (tx) => {
        for (let n = from; n < from + count; n++) await enqueue(tx, "ticket.file", about(`t${n}`));
      }),
    /** Connections of BullMQ to this Redis database. */
    async connectedWorkers() {
      const clients = String(await redis.client("LIST")).split("\n");
      const ours = clients.filter((line) => line.includes(` db=${place.pathname.slice(1)} `));
      return ours.filter((line) => /cmd=(eval|bzpop)/.test(line));
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

/** Ids, which travel several at a time. */
async function countWaiting(bells: Queue<{ ids: string[] }>): Promise<number> {
  return (await bells.getWaiting()).flatMap((bell) => bell.data.ids).length;
}

function slowly() {
  const { ran, handler } = recording();
  return {
    ran,
    handler: {
      async run(payload: { ticketId: string }) {
        await handler.run(payload);
        await sleep(5);
      },
    },
  };
}

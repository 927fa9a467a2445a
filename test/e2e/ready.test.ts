import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { startTestApp } from "../support/app.ts";
import { openGate } from "../support/gate.ts";
import { about, allJobs, send } from "../support/jobs.ts";
import { readMetrics } from "../support/metrics.ts";
import { redisUrl } from "../support/redis.ts";
import { startRedisThat } from "../support/redis-server.ts";

describe("while Redis is not reachable", () => {
  it("a worker is not ready, says why, and is ready again by itself", async () => {
    await using world = await startBehindGate("worker");
    await expect.poll(world.readiness, WAIT).toEqual({ status: 200, said: "ok" });

    world.cut();
    await expect
      .poll(world.readiness, WAIT)
      .toEqual({ status: 503, said: "Redis is not reachable" });
    expect(await world.liveness()).toBe(200);
    expect(await world.measured()).toEqual({ isReady: 0, hasLink: 0 });

    world.mend();
    await expect.poll(world.readiness, WAIT).toEqual({ status: 200, said: "ok" });
    await expect.poll(world.measured, WAIT).toEqual({ isReady: 1, hasLink: 1 });
  });

  it.each(["web", "all"])("%s is ready all the same: it takes tickets", async (role) => {
    await using world = await startBehindGate(role);
    world.cut();

    expect(await world.readiness()).toEqual({ status: 200, said: "ok" });
  });
});

describe("while Redis is full", () => {
  it("a worker is not ready, says so once, and goes on by itself when there is room", async () => {
    await using redis = await startRedisThat("noeviction");
    await using client = openClient(redis.url);
    await using app = await startAs("worker", redis.url);
    await expect.poll(() => readinessOf(app.url), WAIT).toEqual({ status: 200, said: "ok" });

    await client.config("SET", "maxmemory", "100kb");
    await send(app.db, "ticket.file", about("t1"));
    await expect
      .poll(() => readinessOf(app.url), WAIT)
      .toEqual({ status: 503, said: "Redis is full" });
    await sleep(7000); // it was rung again meanwhile, if it was marked as rung
    expect(saidOfRedis(app)).toEqual(["Redis is full; jobs wait in Postgres"]);
    expect(await allJobs(app.db)).toMatchObject([{ attempts: 0 }]);

    await client.config("SET", "maxmemory", "0");
    await expect.poll(() => readinessOf(app.url), WAIT).toEqual({ status: 200, said: "ok" });
    await expect.poll(async () => (await allJobs(app.db))[0]?.attempts, WAIT).toBeGreaterThan(0);
    expect(saidOfRedis(app)).toEqual([
      "Redis is full; jobs wait in Postgres",
      "Redis has room again",
    ]);
  });

  it("a worker says so, too, when what it has sent cannot be taken", async () => {
    await using redis = await startRedisThat("noeviction");
    await using client = openClient(redis.url);
    await using bells = openBells(redis.url);
    await bells.add("run", { ids: [crypto.randomUUID()] });
    await client.config("SET", "maxmemory", "100kb");

    await using app = await startAs("worker", redis.url);

    await expect
      .poll(() => readinessOf(app.url), WAIT)
      .toEqual({ status: 503, said: "Redis is full" });
  });
});

const WAIT = { timeout: 15_000 };

async function startBehindGate(role: string) {
  const stack = new AsyncDisposableStack();
  const url = new URL(redisUrl());
  const port = Number(url.port || 6379);
  const gate = stack.use(await openGate(port));
  url.host = `127.0.0.1:${gate.port}`;
  const app = stack.use(await startAs(role, url.href));
  return {
    readiness: () => readinessOf(app.url),
    async liveness() {
      return (await fetch(new URL("/livez", app.url))).status;
    },
    async measured() {
      const page = await readMetrics({ port: app.app.port });
      return {
        isReady: page.value("deskline_ready"),
        hasLink: page.value("deskline_link_up", { to: "redis" }),
      };
    },
    cut() {
      gate.leadTo(undefined);
      gate.cut();
    },
    mend: () => gate.leadTo(port),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function startAs(role: string, redis: string) {
  return startTestApp({ mode: "http", env: { DESKLINE_ROLE: role, REDIS_URL: redis } });
}

async function readinessOf(url: string) {
  const answer = await fetch(new URL("/readyz", url));
  return { status: answer.status, said: await answer.text() };
}

function saidOfRedis({ logged }: { logged: Record<string, unknown>[] }) {
  const messages = logged.map(({ msg }) => String(msg));
  return messages.filter((msg) => /Redis|look for jobs/.test(msg));
}

function openClient(url: string) {
  const client = new Redis(url);
  return Object.assign(client, { [Symbol.asyncDispose]: async () => client.disconnect() });
}

function openBells(url: string) {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue("deskline-jobs", { connection });
  return Object.assign(queue, {
    async [Symbol.asyncDispose]() {
      await queue.close();
      connection.disconnect();
    },
  });
}

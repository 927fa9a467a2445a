import { describe, expect, it } from "vitest";
import { startTestApp } from "../support/app.ts";
import { openGate } from "../support/gate.ts";
import { readMetrics } from "../support/metrics.ts";
import { redisUrl } from "../support/redis.ts";

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

const WAIT = { timeout: 15_000 };

async function startBehindGate(role: string) {
  const stack = new AsyncDisposableStack();
  const url = new URL(redisUrl());
  const port = Number(url.port || 6379);
  const gate = stack.use(await openGate(port));
  url.host = `127.0.0.1:${gate.port}`;
  const app = stack.use(
    await startTestApp({ mode: "http", env: { DESKLINE_ROLE: role, REDIS_URL: url.href } }),
  );
  return {
    async readiness() {
      const answer = await fetch(new URL("/readyz", app.url));
      return { status: answer.status, said: await answer.text() };
    },
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

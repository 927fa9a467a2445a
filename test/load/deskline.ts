import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export type Deskline = AsyncDisposable & { name: string; pid: number; url: string };

const START_MS = 30_000;
const { scripts } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { scripts: { start: string } };
const HEAP = scripts.start.split(" ").filter((word) => word.startsWith("--max-"));

/** `src/main.ts` as it is, with the bounds of its heap that `npm start` has, in a process of its own; its log goes into a file. */
export async function startDeskline(
  name: string,
  log: string,
  env: Record<string, string>,
): Promise<Deskline> {
  const port = await freePort();
  const out = openSync(log, "a");
  const main = new URL("../../src/main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [...HEAP, main], {
    env: { PATH: process.env.PATH, HOST: "127.0.0.1", LOG_LEVEL: "warn", ...env, PORT: `${port}` },
    stdio: ["ignore", out, out],
  });
  const ended = once(child, "exit");
  const origin = `http://127.0.0.1:${port}`;
  await untilReady(`${origin}/readyz`, () => {
    if (child.exitCode !== null) throw new Error(`${name} ended; see ${log}`);
  });
  return {
    name,
    pid: child.pid ?? 0,
    url: `${origin}/slack/events`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function untilReady(url: string, mustLive: () => void): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    mustLive();
    const isReady = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await sleep(50);
  }
  throw new Error(`${url} was not ready in time`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo; // it listens on TCP
  probe.close();
  return port;
}

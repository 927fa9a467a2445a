import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

export type Server = AsyncDisposable & { url: URL; pid: number };

const START_MS = 30_000;

/** Starts a file as a process of its own and waits until it answers on its port. */
export async function startServer(file: string, env: Record<string, string>): Promise<Server> {
  const port = await freePort();
  const child = spawn(process.execPath, [new URL(file, import.meta.url).pathname], {
    env: {
      PATH: process.env.PATH ?? "",
      HOST: "127.0.0.1",
      LOG_LEVEL: "info",
      ...env,
      PORT: String(port),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await untilPortIsSaid(child, file);
  child.stdout?.resume();
  return {
    url: new URL(`http://127.0.0.1:${port}/slack/events`),
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function untilPortIsSaid(child: ChildProcess, file: string): Promise<void> {
  const said = new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (line: Buffer) => line.includes('"port"') && resolve());
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
    setTimeout(() => reject(new Error(`${file} did not start`)), START_MS).unref();
  });
  await said;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

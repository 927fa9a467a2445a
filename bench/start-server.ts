import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

export type Server = AsyncDisposable & {
  url: URL;
  pid: number;
  /** What it answers to a message, for those that take any. */
  ask(message: string): Promise<unknown>;
};

const START_MS = 30_000;
const NODE = "--disable-warning=ExperimentalWarning";

/** Starts a file as a process of its own and waits until it answers on its port, or says that it is ready. */
export async function startServer(
  file: string,
  env: Record<string, string>,
  { args = [], says = '"port"' }: { args?: string[]; says?: string } = {},
): Promise<Server> {
  const port = await freePort();
  const path = new URL(file, import.meta.url).pathname;
  const child = spawn(process.execPath, [NODE, path, ...args], {
    env: {
      PATH: process.env.PATH ?? "",
      HOST: "127.0.0.1",
      LOG_LEVEL: "info",
      ...env,
      PORT: String(port),
    },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  await untilSaid(child, says, file);
  return {
    url: new URL(`http://127.0.0.1:${port}/slack/events`),
    pid: child.pid ?? 0,
    async ask(message) {
      const answered = once(child, "message");
      child.send(message);
      const [answer] = await answered;
      return answer;
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Resolves as soon as the words stand on its stdout; what else it says there is thrown away. */
export async function untilSaid(child: ChildProcess, words: string, name: string): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const said = new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (line: Buffer) => line.includes(words) && resolve());
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    late = setTimeout(() => reject(new Error(`${name} did not start`)), START_MS);
  });
  await said;
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export type Server = AsyncDisposable & {
  url: URL;
  pid: number;
  /** What it answers to a message, for those that take any. */
  ask(message: string): Promise<unknown>;
};

const START_MS = 30_000;
const NODE = "--disable-warning=ExperimentalWarning";

/** Starts a file as a process of its own and waits until it says its port, or other words that mean it is ready. */
export async function startServer(
  file: string,
  env: Record<string, string>,
  { args = [], says = '"port"' }: { args?: string[]; says?: string } = {},
): Promise<Server> {
  const path = new URL(file, import.meta.url).pathname;
  const child = spawn(process.execPath, [NODE, path, ...args], {
    env: {
      PATH: process.env.PATH ?? "",
      HOST: "127.0.0.1",
      LOG_LEVEL: "info",
      ...env,
      PORT: "0",
    },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const said = await untilSaid(child, says, file);
  const [, port = 0] = /"port":(\d+)/.exec(said) ?? [];
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

/** What it says on its stdout once the words are in it; all else is thrown away. */
export async function untilSaid(child: ChildProcess, words: string, name: string): Promise<string> {
  let late: NodeJS.Timeout | undefined;
  const said = new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", (line: Buffer) => line.includes(words) && resolve(String(line)));
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    late = setTimeout(() => reject(new Error(`${name} did not start`)), START_MS);
  });
  try {
    return await said;
  } finally {
    clearTimeout(late);
  }
}

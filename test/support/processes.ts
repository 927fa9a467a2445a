import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connectCustomers } from "../../src/try.ts";
import { AGENTS } from "./app.ts";
import { COMPILED } from "./compiled.ts";
import { redisUrl } from "./redis.ts";
import { startServers } from "./servers.ts";

export const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;

/** A ticket as a person files it. */
export const DRAFT = {
  subject: "VPN drops",
  description: "Every ten minutes, for everyone.",
  what: "nothing-works",
  who: "all",
  workaround: "none",
  priority: "normal",
};

/** Web and worker as processes of their own, on PostgreSQL and Redis, against the simulator. */
export async function startProcesses(more: Record<string, string> = {}) {
  const stack = new AsyncDisposableStack();
  const { database, simulator } = stack.use(await startServers());
  await connectCustomers(database.db, simulator);
  const env = {
    SLACK_BOT_TOKEN: simulator.tokens.T0KUMO ?? "",
    SLACK_SIGNING_SECRET: simulator.signingSecret,
    SLACK_API_URL: simulator.apiUrl,
    SLACK_FILES_URL: simulator.filesUrl,
    SLACK_PICTURES_URL: simulator.url,
    SLACK_AGENTS_CHANNEL: AGENTS,
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl(),
    ...more,
  };

  async function start(
    role: "all" | "web" | "worker",
  ): Promise<{ child: ChildProcess; port: number }> {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env.PATH ?? "",
        ...COMPILED,
        ...env,
        DESKLINE_ROLE: role,
        HOST: "127.0.0.1",
        PORT: "0",
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    stack.defer(() => void child.kill("SIGKILL"));
    const port = await new Promise<number>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`${role} ended with ${code}`)));
      child.stdout?.on("data", (chunk: Buffer) => {
        const running = /"port":(\d+)/.exec(chunk.toString());
        if (running) resolve(Number(running[1]));
      });
    });
    return { child, port };
  }

  const web = await start("web");
  simulator.deliverTo(`http://127.0.0.1:${web.port}/slack/events`);
  const world = {
    db: database.db,
    simulator,
    web: web.child,
    worker: (await start("worker")).child,
    start,
    async startWorker() {
      world.worker = (await start("worker")).child;
    },
  };
  return Object.assign(world, { [Symbol.asyncDispose]: () => stack.disposeAsync() });
}

/** Answers the exit code; an error after 10 seconds. */
export async function terminate(child: ChildProcess): Promise<number | null> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error("still running 10 s after SIGTERM")), 10_500).unref();
  });
  const [code] = await Promise.race([ended, late]);
  return code;
}

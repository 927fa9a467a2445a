import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { readManifest } from "#simulator/manifest.ts";
import { startSimulator } from "#simulator/simulator.ts";
import { connectCustomers } from "../../src/try.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { redisUrl } from "../support/redis.ts";

const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;
const DRAFT = {
  subject: "VPN drops",
  description: "Every ten minutes, for everyone.",
  what: "nothing-works",
  who: "all",
  workaround: "none",
  priority: "high",
};

it("files tickets with web and worker processes on PostgreSQL and Redis, and again after the worker was killed", async () => {
  await using world = await startProcesses();
  const { simulator } = world;
  const tom = simulator.as("U0TOM");
  const cards = () => tom.messages(HELP).filter((message) => message.text.includes("VPN drops"));

  await tom.submit(await tom.command(HELP, "/ticket"), DRAFT);
  await simulator.until(() => cards().length === 1, 20_000);

  world.worker.kill("SIGKILL");
  await once(world.worker, "exit");
  await tom.submit(await tom.command(HELP, "/ticket"), DRAFT);
  await world.startWorker();
  await simulator.until(() => cards().length === 2, 30_000);
  await simulator.until(
    () => simulator.as("U0AKI").messages(AGENTS).filter(isTriageCard).length === 2,
    20_000,
  );

  expect(cards().map((card) => /DL-\d+/.exec(card.text)?.[0])).toEqual(["DL-1001", "DL-1002"]);
});

it("ends with exit code 0 within 10 seconds of SIGTERM", async () => {
  await using world = await startProcesses();

  const codes = await Promise.all([world.web, world.worker].map(terminate));

  expect(codes).toEqual([0, 0]);
});

it("says every wrong setting at once, in plain words, and starts nothing", async () => {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env["PATH"] ?? "",
      SLACK_BOT_TOKEN: "xoxp-wrong",
      DESK: "http",
      PORT: "no",
    },
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, "exit");

  expect(code).toBe(1);
  for (const name of [
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_AGENTS_CHANNEL",
    "PORT",
    "DESK_URL",
    "DESK_SECRET",
  ]) {
    expect(said).toContain(`  ${name}: `);
  }
  expect(said).not.toContain("    at ");
});

function isTriageCard(message: { text: string }): boolean {
  return message.text.includes("VPN drops");
}

async function terminate(child: ChildProcess): Promise<number | null> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error("still running 10 s after SIGTERM")), 10_500).unref();
  });
  const [code] = await Promise.race([ended, late]);
  return code;
}

async function startProcesses() {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  const manifest = await readManifest(new URL("../../manifest.yml", import.meta.url));
  const simulator = stack.use(await startSimulator({ manifest }));
  await connectCustomers(database.db, simulator);
  const env = {
    SLACK_BOT_TOKEN: simulator.tokens["T0KUMO"] ?? "",
    SLACK_SIGNING_SECRET: simulator.signingSecret,
    SLACK_API_URL: simulator.apiUrl,
    SLACK_AGENTS_CHANNEL: AGENTS,
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl(),
  };

  async function start(role: "web" | "worker"): Promise<{ child: ChildProcess; port: number }> {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env["PATH"] ?? "",
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
    simulator,
    web: web.child,
    worker: (await start("worker")).child,
    async startWorker() {
      world.worker = (await start("worker")).child;
    },
  };
  return Object.assign(world, { [Symbol.asyncDispose]: () => stack.disposeAsync() });
}

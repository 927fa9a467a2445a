import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AGENTS } from "../support/app.ts";
import { type Image, makeImage, readIgnored } from "../support/image.ts";
import { DRAFT, terminate } from "../support/processes.ts";
import { redisUrl } from "../support/redis.ts";
import { startServers } from "../support/servers.ts";

const run = promisify(execFile);

let image: Image;
beforeAll(async () => {
  image = await makeImage();
}, 180_000);
afterAll(() => image[Symbol.asyncDispose]());

describe("what the image holds", () => {
  it.each([
    ".env",
    "node_modules/pg/package.json",
    "data/db/lock",
    "src/simulator/main.ts",
    ".git/config",
    "later.key",
  ])("is not %s", async (path) => {
    const ignored = readIgnored(await readFile(".dockerignore", "utf8"));

    expect(ignored(path)).toBe(true);
    expect(ignored("src/main.ts")).toBe(false);
  });

  it("is what production needs, and nothing else", async () => {
    expect((await readdir(image.folder)).sort()).toEqual([
      "LICENSE",
      "bin",
      "manifest.yml",
      "migrations",
      "node_modules",
      "package-lock.json",
      "package.json",
      "src",
      "workflow-step.yml",
    ]);
    const packages = await readdir(join(image.folder, "node_modules"));
    expect(packages).toContain("pg");
    expect(packages).not.toContain("vitest");
  });
});

describe("the production steps, as an unprivileged user on a read-only tree", () => {
  it("that user can change nothing in it", async () => {
    await expect(asUser(["touch", "src/main.ts"])).rejects.toThrow("Permission denied");
    await expect(asUser(["touch", "new-file"])).rejects.toThrow("Permission denied");
  });

  it("web and worker file a ticket over PostgreSQL and Redis, say that they live, and stop when they are told", async () => {
    await using world = await startWorld();
    const servers = { DATABASE_URL: world.databaseUrl, REDIS_URL: redisUrl() };

    const migrated = await asUser(["deskline", "migrate"], { env: servers });
    const web = await world.start({ ...servers, DESKLINE_ROLE: "web" });
    const worker = await world.start({ ...servers, DESKLINE_ROLE: "worker" });
    world.simulator.deliverTo(`http://127.0.0.1:${web.port}/slack/events`);
    await world.fileTicket();

    expect(migrated.stdout).toBe("Nothing to do: the database is up to date.\n");
    for (const { port } of [web, worker]) await asUser(image.healthcheck, { env: { PORT: port } });
    expect(await Promise.all([terminate(web.child), terminate(worker.child)])).toEqual([0, 0]);
    await expect(asUser(image.healthcheck, { env: { PORT: web.port } })).rejects.toMatchObject({
      code: 1,
    });
  });

  it("one process with the embedded database does so, too, and only its data folder may be written", async () => {
    await using world = await startWorld();
    const data = await mkdtemp(join(image.folder, "../data-"));
    await chmod(data, 0o777);

    const all = await world.start({ DESKLINE_DATA: data });
    world.simulator.deliverTo(`http://127.0.0.1:${all.port}/slack/events`);
    await world.fileTicket();

    await asUser(image.healthcheck, { env: { PORT: all.port } });
    expect(await terminate(all.child)).toBe(0);
    await rm(data, { recursive: true });
  });
});

function asUser(command: string[], { env = {} }: { env?: Record<string, string> } = {}) {
  const [program = "", ...args] = image.unprivileged(command);
  return run(program, args, { cwd: image.folder, env: { ...image.env, ...env } });
}

async function startWorld() {
  const stack = new AsyncDisposableStack();
  const { database, simulator } = stack.use(await startServers());
  const settings = {
    SLACK_BOT_TOKEN: simulator.tokens.T0KUMO ?? "",
    SLACK_SIGNING_SECRET: simulator.signingSecret,
    SLACK_API_URL: simulator.apiUrl,
    SLACK_AGENTS_CHANNEL: AGENTS,
    HOST: "127.0.0.1",
    PORT: "0",
  };
  return {
    simulator,
    databaseUrl: database.url,
    async start(env: Record<string, string>) {
      const [program = "", ...args] = image.unprivileged(image.command);
      const child = spawn(program, args, {
        cwd: image.folder,
        env: { ...image.env, ...settings, ...env },
        stdio: ["ignore", "pipe", "inherit"],
      });
      stack.defer(() => void child.kill("SIGKILL"));
      return { child, port: await portOf(child) };
    },
    /** Somebody at home asks, and an agent sees it. */
    async fileTicket() {
      const eva = simulator.as("U0EVA");
      await eva.submit(await eva.command("C0KUMOGEN", "/ticket"), DRAFT);
      const triage = () => simulator.as("U0AKI").messages(AGENTS);
      await simulator.until(() => triage().some(({ text }) => text.includes("VPN drops")), 30_000);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function portOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`It ended with ${code}.`)));
    child.stdout?.on("data", (chunk: Buffer) => {
      const port = /"port":(\d+)/.exec(chunk.toString())?.[1];
      if (port) resolve(port);
    });
  });
}

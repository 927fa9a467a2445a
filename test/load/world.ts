import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { saveAccount, saveInstallation } from "#accounts/store.ts";
import { connect, type Db } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { FAKE_DESK_SECRET } from "../support/fake-desk.ts";
import { startPostgres } from "../support/postgres.ts";
import { type Program, startProgram } from "../support/program.ts";
import { startRedis } from "../support/redis-server.ts";
import { type Deskline, startDeskline } from "./deskline.ts";
import { type MemoryWatch, watchMemory } from "./memory.ts";
import type { Options } from "./options.ts";
import { AGENTS_CHANNEL, workspaces } from "./places.ts";

/** Everything that runs: servers, Slack, the desk, web and workers, each a process of its own. */
export type World = AsyncDisposable & {
  options: Options;
  db: Db;
  web: Deskline;
  workers: Deskline[];
  memory: MemoryWatch;
  desk: Program & { url: string };
  logs: { slack: string; desk: string; folder: string };
  /** People who file at the rate of the options until they are told to stop. */
  startClient(mark: string, seconds: number): Program & { log: string };
};

const SECRET = "a signing secret for load only";
const CLIENT = new URL("./client.ts", import.meta.url);

export async function openWorld(options: Options): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const folder = options.keep ?? (await mkdtemp(join(tmpdir(), "deskline-load-")));
  if (!options.keep) stack.defer(() => rm(folder, { recursive: true, force: true }));
  const logs = { slack: join(folder, "slack.jsonl"), desk: join(folder, "desk.jsonl"), folder };

  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  stack.use(postgres);
  stack.use(redis);
  const databaseUrl = await createDatabase(postgres);
  const database = stack.use(await connect({ url: databaseUrl }));
  await migrate(database.db);
  await connectWorkspaces(database.db);

  const slack = stack.use(startProgram(fileOf("./slack.ts"), "--log", logs.slack));
  const apiUrl = await slack.nextLine();
  const desk = stack.use(
    startProgram(fileOf("../support/fake-desk.ts"), "--log", logs.desk, "--unflushed"),
  );
  const deskUrl = await desk.nextLine();

  const env = {
    SLACK_BOT_TOKEN: "xoxb-T0HOME",
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: apiUrl,
    SLACK_AGENTS_CHANNEL: AGENTS_CHANNEL,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    DESK: "http",
    DESK_URL: deskUrl,
    DESK_SECRET: FAKE_DESK_SECRET,
  };
  const start = async (name: string, role: "web" | "worker") =>
    stack.use(
      await startDeskline(name, join(folder, `${name}.log`), { ...env, DESKLINE_ROLE: role }),
    );
  const web = await start("web", "web");
  const workers: Deskline[] = [];
  for (let n = 1; n <= options.workers; n += 1) workers.push(await start(`worker ${n}`, "worker"));
  const memory = stack.use(watchMemory([web, ...workers]));

  const parts = stack.move();
  return {
    options,
    db: database.db,
    web,
    workers,
    memory,
    desk: Object.assign(desk, { url: deskUrl }),
    logs,
    startClient(mark, seconds) {
      const log = join(folder, `client-${mark}.jsonl`);
      const asked = { url: web.url, secret: SECRET, log, mark, seconds, ...pick(options) };
      const args = Object.entries(asked).flatMap(([name, value]) => [`--${name}`, `${value}`]);
      return Object.assign(parts.use(startProgram(CLIENT, ...args)), { log });
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function fileOf(name: string): URL {
  return new URL(name, import.meta.url);
}

function pick({ rate, channels }: Options) {
  return { rate, channels };
}

async function createDatabase({ url, run }: { url: string; run: string }): Promise<string> {
  await using admin = await connect({ url });
  const name = `${run}_load`;
  await sql.raw(`drop database if exists ${name} with (force)`).execute(admin.db);
  await sql.raw(`create database ${name}`).execute(admin.db);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

async function connectWorkspaces(db: Db): Promise<void> {
  for (const teamId of workspaces()) {
    const id = teamId.toLowerCase();
    await saveAccount(db, { id, name: teamId, plan: "paid" });
    await saveInstallation(db, {
      teamId,
      teamName: teamId,
      accountId: id,
      isHome: false,
      botToken: `xoxb-${teamId}`,
      botUserId: "U0APP",
      botId: "B0DESKLINE",
    });
  }
}

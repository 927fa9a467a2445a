import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { sql } from "kysely";
import { connect, type Db } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { startPostgres } from "../../support/postgres.ts";
import { startRedis, startRedisThat } from "../../support/redis-server.ts";

const REDIS_DATABASES = 16;

/** What all worlds of one run share: PostgreSQL, Redis, and a folder for everything that is written down. */
export type Servers = AsyncDisposable & {
  folder: string;
  /** The address of a migrated database of its own. */
  freshDatabase(): Promise<string>;
  /** A migrated embedded database, as a folder for DESKLINE_DATA. */
  freshData(): Promise<string>;
  /** The address of a Redis database of its own: the queue has one name. */
  freshRedis(): Promise<string>;
  /** Keeps the folder, for somebody to look into. */
  keepFolder(): void;
};

/** Runs a whole suite: its exit code says whether it was sound, and what was written down stays when it was not. */
export async function withServers(suite: (servers: Servers) => Promise<boolean>): Promise<void> {
  process.exitCode = 1;
  try {
    await using servers = await startServers();
    servers.keepFolder();
    console.log(`What is written down is in ${servers.folder}.`);
    if (await suite(servers)) {
      process.exitCode = 0;
      await rm(servers.folder, { recursive: true, force: true });
    }
  } catch (error) {
    console.error(inspect(error, { depth: 6 })); // what was suppressed, too
  }
  process.exit(); // the verdict stands: nothing that outlived its world may keep anybody waiting
}

export async function startServers(): Promise<Servers> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "deskline-faults-"));
  let isKept = false;
  stack.defer(async () => {
    if (!isKept) await rm(folder, { recursive: true, force: true });
  });
  const postgres = stack.use(await startPostgres());
  let redis = stack.use(await startRedis());
  const template = `${postgres.run}_faults`;
  const admin = stack.use(await connect({ url: postgres.url }));
  await createTemplate(admin.db, addressOf(postgres.url, template), template);
  let embedded: Promise<string> | undefined;
  let databases = 0;
  let redises = 0;

  const parts = stack.move();
  return {
    folder,
    async freshDatabase() {
      databases += 1;
      const name = `${template}_${databases}`;
      await sql.raw(`create database ${name} template ${template}`).execute(admin.db);
      return addressOf(postgres.url, name);
    },
    async freshData() {
      embedded ??= createEmbedded(folder);
      const data = await mkdtemp(join(folder, "data-"));
      await cp(await embedded, join(data, "db"), { recursive: true });
      return data;
    },
    async freshRedis() {
      const number = redises % REDIS_DATABASES;
      redises += 1;
      if (number === 0 && redises > 1) redis = parts.use(await startRedisThat("noeviction"));
      return `${redis.url}/${number}`;
    },
    keepFolder() {
      isKept = true;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function createTemplate(admin: Db, url: string, name: string): Promise<void> {
  await sql.raw(`create database ${name}`).execute(admin);
  await using database = await connect({ url });
  await migrate(database.db);
}

async function createEmbedded(folder: string): Promise<string> {
  const template = join(folder, "template");
  await using database = await connect({ folder: template });
  await migrate(database.db);
  return template;
}

function addressOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

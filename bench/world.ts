import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { startRedis } from "../test/support/redis-server.ts";
import { SIGNING_SECRET } from "./load.ts";
import { type Outside, startOutside } from "./outside.ts";

/** The servers that all benches share, and the settings that lead there. */
export type World = AsyncDisposable & {
  quick: boolean;
  outside: Outside;
  slack: Record<string, string>;
  deskline: Record<string, string>;
  deskHttp: Record<string, string>;
  redisUrl: string;
  /** Migrated, and dropped with the server. */
  freshDatabase(): Promise<string>;
  /** Empty, and removed at the end. */
  freshFolder(): Promise<string>;
};

export async function openWorld(quick: boolean): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await startPostgres());
  const redis = stack.use(await startRedis());
  const outside = stack.use(await startOutside());
  const slack = { SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_API_URL: outside.apiUrl };
  let count = 0;

  async function freshDatabase(): Promise<string> {
    count += 1;
    const name = `${postgres.run}_bench_${count}`;
    await using admin = await connect({ url: postgres.url });

    await sql.raw(`create database ${name}`).execute(admin.db);
    const url = new URL(postgres.url);
    url.pathname = `/${name}`;
    await using fresh = await connect({ url: url.href });
    await migrate(fresh.db);
    return url.href;
  }
  async function freshFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "deskline-bench-"));
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  const parts = stack.move();
  return {
    quick,
    outside,
    slack,
    deskline: { ...slack, SLACK_BOT_TOKEN: "xoxb-bench", SLACK_AGENTS_CHANNEL: "C0AGENTS" },
    deskHttp: {
      DESK: "http",
      DESK_URL: outside.deskUrl,
      DESK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
    },
    redisUrl: redis.url,
    freshDatabase,
    freshFolder,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

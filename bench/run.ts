import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { startRedis } from "../test/support/redis-server.ts";
import { benchAcks } from "./acks.ts";
import { SIGNING_SECRET } from "./load.ts";
import { type Outside, startOutside } from "./outside.ts";
import { benchSubmitToCard } from "./submit-to-card.ts";

/** Milliseconds; the ratio is ours to the baseline. */
export type Row = { what: string; ours: number; p99: number; baseline: number; goal: number };

export type World = {
  quick: boolean;
  outside: Outside;
  slack: Record<string, string>;
  deskline: Record<string, string>;
  deskHttp: Record<string, string>;
  databaseUrl: string;
  redisUrl: string;
  folder: string;
  freshDatabase(): Promise<string>;
};

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const QUICK_TOLERANCE = 4; // a few samples on a shared machine guard against accidents, no more

await using stack = new AsyncDisposableStack();
const world = await openWorld();
const rows = [...(await benchAcks(world)), ...(await benchSubmitToCard(world))];
const table = drawTable(rows);
console.log(table);
if (!values.quick) await writeFile(new URL("./RESULTS.md", import.meta.url), results(table));
const tolerance = values.quick ? QUICK_TOLERANCE : 1;
const missed = rows.filter((row) => row.ours / row.baseline > row.goal * tolerance);
for (const { what } of missed) console.error(`missed: ${what}`);
process.exitCode = missed.length > 0 ? 1 : 0;

async function openWorld(): Promise<World> {
  const postgres = stack.use(await startPostgres());
  const redis = stack.use(await startRedis());
  const outside = stack.use(await startOutside());
  const folder = await mkdtemp(join(tmpdir(), "deskline-bench-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const slack = { SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_API_URL: outside.apiUrl };
  let count = 0;

  /** Migrated, and dropped with the server. */
  async function freshDatabase(): Promise<string> {
    count += 1;
    const name = `${postgres.run}_bench_${count}`;
    await using admin = await connect({ url: postgres.url });
    const { sql } = await import("kysely");
    await sql.raw(`create database ${name}`).execute(admin.db);
    const url = new URL(postgres.url);
    url.pathname = `/${name}`;
    await using fresh = await connect({ url: url.href });
    await migrate(fresh.db);
    return url.href;
  }

  return {
    quick: values.quick,
    outside,
    slack,
    deskline: {
      ...slack,
      SLACK_BOT_TOKEN: "xoxb-bench",
      SLACK_AGENTS_CHANNEL: "C0AGENTS",
    },
    deskHttp: {
      DESK: "http",
      DESK_URL: outside.deskUrl,
      DESK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
    },
    databaseUrl: await freshDatabase(),
    redisUrl: redis.url,
    folder,
    freshDatabase,
  };
}

function drawTable(all: Row[]): string {
  const lines = all.map(({ what, ours, p99, baseline, goal }) => {
    const ratio = ours / baseline;
    const verdict = ratio <= goal ? "met" : "missed";
    return `| ${what} | ${ours.toFixed(2)} | ${p99.toFixed(2)} | ${baseline.toFixed(2)} | ${ratio.toFixed(2)} × | ${goal} × | ${verdict} |`;
  });
  return [
    "| what | median ms | p99 ms | baseline ms | ratio | goal | |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

function results(table: string): string {
  const machine = `${cpus().length} shared cores, Node ${process.versions.node}`;
  return `# Results\n\nMade by \`npm run bench\` (see README.md beside it) on ${machine}. Only the ratios travel to another machine.\n\n${table}\n`;
}

import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const imports = "lint/style/noRestrictedImports";

// One entry a file, because a folder of them is linted in one go.
const badImports = {
  "src/tickets/up.ts": "../slack/blocks.ts",
  "src/tickets/hidden-up.ts": "./../slack/blocks.ts",
  "src/tickets/bolt.ts": "@slack/bolt",
  "src/tickets/inside-bolt.ts": "@slack/bolt/dist/App.js",
  "src/tickets/web-api.ts": "@slack/web-api",
  "src/tickets/pg.ts": "pg",
  "src/tickets/pglite.ts": "@electric-sql/pglite",
  "src/tickets/bullmq.ts": "bullmq",
  "src/tickets/ioredis.ts": "ioredis",
  "src/tickets/other.ts": "#access/grant.ts",
  "src/tickets/app.ts": "#app.ts",
  "src/tickets/main.ts": "#main.ts",
  "src/tickets/simulator.ts": "#simulator/simulator.ts",
  "src/access/other.ts": "#tickets/store.ts",
  "src/accounts/other.ts": "#access/store.ts",
  "src/status/other.ts": "#web/server.ts",
  "src/home/other.ts": "#tickets/views.ts",
  "src/web/other.ts": "#tickets/submit.ts",
  "src/web/pg.ts": "pg",
  "src/cli/other.ts": "#accounts/store.ts",
  "src/slack/feature.ts": "#tickets/ask.ts",
  "src/slack/app.ts": "#app.ts",
  "src/slack/pg.ts": "pg",
  "src/desk/feature.ts": "#tickets/ticket.ts",
  "src/desk/bolt.ts": "@slack/bolt",
  "src/jobs/feature.ts": "#tickets/jobs.ts",
  "src/jobs/queue.ts": "bullmq",
  "src/jobs/bullmq-carriage.ts": "pg",
  "src/jobs/worker-bullmq.ts": "bullmq",
  "src/db/feature.ts": "#accounts/ask.ts",
  "src/db/migrate.ts": "pg",
  "src/db/connect.ts": "#status/ask.ts",
  "src/text/feature.ts": "#home/views.ts",
  "src/new-folder/pg.ts": "pg",
  "src/log.ts": "#db/connect.ts",
  "src/metrics.ts": "#jobs/catalogue.ts",
  "src/errors.ts": "./text/en.ts",
  "src/config.ts": "#app.ts",
  "src/app.ts": "./simulator/simulator.ts",
  "src/main.ts": "#simulator/simulator.ts",
  "src/try.ts": "pg",
  "src/simulator/feature.ts": "#tickets/ticket.ts",
  "src/simulator/ground.ts": "#errors.ts",
  "src/simulator/bolt.ts": "@slack/bolt",
};

const goodImports = {
  "src/tickets/platform.ts": "#slack/blocks.ts",
  "src/tickets/ground.ts": "#errors.ts",
  "src/tickets/ask.ts": "#access/ask.ts",
  "src/tickets/own.ts": "./store.ts",
  "src/tickets/blocks.ts": "@slack/types",
  "src/tickets/kysely.ts": "kysely",
  "src/slack/bolt.ts": "@slack/bolt",
  "src/slack/web-api.ts": "@slack/web-api",
  "src/jobs/bullmq-carriage.ts": "bullmq",
  "src/db/connect.ts": "pg",
  "src/db/pglite-thread.ts": "@electric-sql/pglite",
  "src/app.ts": "#tickets/slack.ts",
  "src/try.ts": "#simulator/simulator.ts",
  "src/main.ts": "#app.ts",
  "src/log.ts": "./errors.ts",
  "src/simulator/own.ts": "#simulator/world.ts",
  "src/simulator/signs.ts": "@slack/types",
  "test/e2e/support.ts": "../support/postgres.ts",
  "test/e2e/simulator.ts": "#simulator/simulator.ts",
  "test/e2e/bolt.ts": "@slack/bolt",
};

const disguised = {
  "src/tickets/type.ts": 'import type { App } from "@slack/bolt";\nexport type Our = App;',
  "src/tickets/dynamic.ts": 'export const app = await import("@slack/bolt");',
  "src/tickets/passed-on.ts": 'export { App } from "@slack/bolt";',
};

const badHabits = {
  "src/tickets/env.ts": ["lint/style/noProcessEnv", "export const port = process.env.PORT;"],
  "src/tickets/env-by-name.ts": [
    "lint/style/noProcessEnv",
    'import { env } from "node:process";\nexport const port = env.PORT;',
  ],
  "src/tickets/console.ts": ["lint/suspicious/noConsole", 'console.log("filed");'],
  "src/tickets/any.ts": ["lint/suspicious/noExplicitAny", "export const ticket: any = 1;"],
  "src/tickets/default.ts": ["lint/style/noDefaultExport", "export default 1;"],
  "src/tickets/enum.ts": ["lint/style/noEnum", "export enum Status {\n  New,\n}"],
  "src/tickets/barrel.ts": ["lint/performance/noBarrelFile", 'export * from "./store.ts";'],
  "src/tickets/node.ts": ["lint/style/useNodejsImportProtocol", 'import "fs";'],
  "src/tickets/floating.ts": [
    "lint/nursery/noFloatingPromises",
    "async function file(): Promise<void> {}\nexport function submit() {\n  file();\n}",
  ],
  "src/tickets/circle.ts": ["lint/suspicious/noImportCycles", 'import "./circle-back.ts";'],
  "src/tickets/circle-back.ts": ["lint/suspicious/noImportCycles", 'import "./circle.ts";'],
  "src/tickets/tangled.ts": ["lint/complexity/noExcessiveCognitiveComplexity", nested(5)],
} as const;

const goodHabits = {
  "src/config.ts": "export const port = process.env.PORT;",
  "src/cli/say.ts": 'console.log("done");',
  "test/unit/say.ts": "console.log(process.env.PATH);",
  "vitest.config.ts": "export default {};",
  "src/tickets/ask.ts": 'export { findTicket } from "./store.ts";',
  "src/tickets/plain.ts": nested(4),
};

describe("the import rule", async () => {
  const bad = await lint(mapValues(badImports, (from) => `import "${from}";\n`));
  it.each(Object.entries(badImports))("keeps %s from importing %s", (file) => {
    expect(bad.get(file)).toContain(imports);
  });

  const hidden = await lint(disguised);
  it.each(Object.keys(disguised))("sees through %s", (file) => {
    expect(hidden.get(file)).toContain(imports);
  });

  const good = await lint(mapValues(goodImports, (from) => `import "${from}";\n`));
  it.each(Object.entries(goodImports))("lets %s import %s", (file) => {
    expect(good.get(file)).toEqual([]);
  });
});

describe("the habits", async () => {
  const bad = await lint(mapValues(badHabits, ([, code]) => code));
  it.each(Object.entries(badHabits))("refuses what %s does", (file, [rule]) => {
    expect(bad.get(file)).toContain(rule);
  });

  const good = await lint(goodHabits);
  it.each(Object.keys(goodHabits))("accepts %s", (file) => {
    expect(good.get(file)).toEqual([]);
  });
});

/** A function whose cognitive complexity is 1 + 2 + … + depth. */
function nested(depth: number): string {
  const open = Array.from({ length: depth }, (_, level) => `if (facts[${level}]) {`).join("\n");
  return `export function decide(facts: boolean[]) {\n${open}\nreturn 1;\n${"}".repeat(depth)}\n}`;
}

function mapValues<T>(files: Record<string, T>, code: (value: T) => string) {
  return Object.fromEntries(Object.entries(files).map(([file, value]) => [file, code(value)]));
}

/** The rules each file breaks, in a folder that has nothing but these files and the project's own settings. */
async function lint(files: Record<string, string>): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), "deskline-house-"));
  await copyFile("biome.json", join(folder, "biome.json"));
  for (const [file, code] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), code);
  }
  const { diagnostics } = await askBiome(folder);
  await rm(folder, { recursive: true });
  return new Map(
    Object.keys(files).map((file) => [
      file,
      diagnostics.filter(({ location }) => location.path === file).map(({ category }) => category),
    ]),
  );
}

type Report = { diagnostics: { category: string; location: { path: string } }[] };

async function askBiome(folder: string): Promise<Report> {
  const biome = join(process.cwd(), "node_modules/.bin/biome");
  const options = ["lint", "--reporter=json", "--max-diagnostics=none", "."];
  // It exits with 1 when it finds something, and prints the report all the same.
  const { stdout } = await run(biome, options, { cwd: folder }).catch((found) => found);
  return JSON.parse(stdout);
}

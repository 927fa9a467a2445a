import { sql } from "kysely";
import { inject } from "vitest";
import { type RunningApp, readAppConfig, startApp } from "../../src/app.ts";
import { createLog } from "../../src/log.ts";
import { AGENTS, type TestApp } from "./app.ts";

/** Another process of the same installation, which has met nobody yet. It hears Slack from now on. */
export async function startSecondApp(first: TestApp): Promise<RunningApp & { url: string }> {
  const { simulator, db } = first;
  const config = readAppConfig({
    SLACK_BOT_TOKEN: simulator.tokens.T0KUMO,
    SLACK_SIGNING_SECRET: simulator.signingSecret,
    SLACK_API_URL: simulator.apiUrl,
    SLACK_FILES_URL: simulator.filesUrl,
    SLACK_PICTURES_URL: simulator.url,
    SLACK_AGENTS_CHANNEL: AGENTS,
    DATABASE_URL: await urlOf(db),
    HOST: "127.0.0.1",
    PORT: "0",
  });
  const app = await startApp(config, { log: createLog("silent") });
  const url = `http://127.0.0.1:${app.port}/slack/events`;
  simulator.deliverTo(url);
  return { ...app, url };
}

/** Where the first one's database is. */
async function urlOf(db: TestApp["db"]): Promise<string> {
  const postgres = inject("postgres");
  if ("missing" in postgres) throw new Error(postgres.missing);
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  const url = new URL(postgres.url);
  url.pathname = `/${rows[0]?.name}`;
  return url.href;
}

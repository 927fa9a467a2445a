import type { Desk } from "#desk/desk.ts";
import type { Simulator, SimulatorOptions } from "#simulator/simulator.ts";
import { type RunningApp, readAppConfig, startApp } from "../../src/app.ts";
import { createLog } from "../../src/log.ts";
import { connectCustomers } from "../../src/try.ts";
import type { TestDatabase } from "./database.ts";
import { startServers } from "./servers.ts";

export const HELP = "C0ACMEHELP";
export const RANDOM = "C0ACMERANDOM";
export const AGENTS = "C0AGENTS";
export const EXT_BETA = "C0EXTBETA";

export type TestApp = AsyncDisposable & {
  simulator: Simulator;
  app: RunningApp;
  database: TestDatabase;
  db: TestDatabase["db"];
  /** Where Slack posts over HTTP. */
  url: string;
  /** Every log line, parsed. */
  logged: Record<string, unknown>[];
};

type Env = Record<string, string>;
type Options = {
  mode?: "socket" | "http";
  desk?: Desk;
  /** Settings of its own, a proxy's address for one. */
  env?: Env | ((at: { databaseUrl: string; apiUrl: string }) => Env | Promise<Env>);
  paced?: boolean;
  simulator?: Partial<SimulatorOptions>;
  logLevel?: "debug" | "trace";
};

/** The real app on PostgreSQL against the simulator, both workspaces connected. */
export async function startTestApp(options: Options = {}): Promise<TestApp> {
  await using stack = new AsyncDisposableStack();
  const { database, simulator } = stack.use(
    await startServers({
      ...{ paced: options.paced ?? true, eventRetries: [0, 200, 400] },
      ...options.simulator,
    }),
  );
  const { db } = database;
  await connectCustomers(db, simulator);

  const logged: Record<string, unknown>[] = [];
  const log = createLog(options.logLevel ?? "debug", {
    write: (line: string) => logged.push(JSON.parse(line)),
  });
  const { env } = options;
  const config = readAppConfig({
    SLACK_BOT_TOKEN: simulator.tokens.T0KUMO,
    SLACK_SIGNING_SECRET: simulator.signingSecret,
    SLACK_API_URL: simulator.apiUrl,
    SLACK_FILES_URL: simulator.filesUrl,
    SLACK_PICTURES_URL: simulator.url,
    SLACK_AGENTS_CHANNEL: AGENTS,
    DATABASE_URL: database.url,
    HOST: "127.0.0.1",
    PORT: "0",
    ...(options.mode === "http" ? {} : { SLACK_APP_TOKEN: simulator.appToken }),
    ...(typeof env === "function"
      ? await env({ databaseUrl: database.url, apiUrl: simulator.apiUrl })
      : env),
  });
  const app = stack.use(
    await startApp(config, { log, ...(options.desk && { desk: options.desk }) }),
  );
  const url = `http://127.0.0.1:${app.port}/slack/events`;
  if (options.mode === "http") simulator.deliverTo(url);
  const parts = stack.move();
  return {
    simulator,
    app,
    database,
    db,
    url,
    logged,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

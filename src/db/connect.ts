import { type Kysely, PGliteDialect, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import { openKysely } from "./open-kysely.ts";
import { openPGlite } from "./pglite-proxy.ts";
import { createNames } from "./prepared.ts";
import type { Tables } from "./tables.ts";

export type Db = Kysely<Tables>;
/** A function that takes `Tx` can only be called inside a transaction. */
export type Tx = Transaction<Tables>;

export type Database = AsyncDisposable & {
  kind: "postgres" | "pglite";
  db: Db;
  /** Calls back after each committed NOTIFY, and once after each reconnection (some may have been missed). */
  listen(channel: "job", onNotify: () => void): Promise<AsyncDisposable>;
};

const QUERY_MS = 5000;
const SILENT = "Query read timeout"; // pg has no code for it
const RECONNECT_MS = 500;

// Both drivers give int8 as a number (ours stay below 2^53) and text for what has no JavaScript twin.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.NUMERIC, String);
types.setTypeParser(pg.types.builtins.INTERVAL, String);

/** With `url` a PostgreSQL server, else the embedded database in `folder`. */
export async function connect(at: { url: string } | { folder: string }): Promise<Database> {
  return "url" in at ? connectPostgres(at.url) : connectEmbedded(at.folder);
}

function connectPostgres(url: string): Database {
  const bounds = {
    connectionString: url,
    types,
    connectionTimeoutMillis: 2000,
    query_timeout: QUERY_MS,
    statement_timeout: QUERY_MS,
    lock_timeout: 2000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000, // LISTEN is silent for hours; the kernel's default asks after two
  };
  const pool = new pg.Pool({ ...bounds, max: 20 });
  pool.on("error", () => {}); // an idle connection broke; the pool has dropped it already
  // One that broke in use says so to its query; but between two queries nobody listens, and Node would end.
  const nameOf = createNames();
  pool.on("connect", (client) => {
    client.on("error", () => {});
    watchQueries(client, nameOf);
  });
  const db = openKysely(new PostgresDialect({ pool }));
  return {
    kind: "postgres",
    db,
    listen: async (channel, onNotify) => listenForEver(bounds, channel, onNotify),
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

/**
 * Prepares what comes again. And a link that left a query without an answer is half-open: back in the pool it would
 * swallow the next one, too.
 */
function watchQueries(link: pg.PoolClient, nameOf: (text: string) => string | undefined): void {
  const query = link.query.bind(link) as (asked: pg.QueryConfig) => Promise<unknown>; // of its forms, this one
  const watched = async (text: string, values: unknown[] = []) => {
    const name = values.length > 0 ? nameOf(text) : undefined;
    try {
      return await query({ text, values, ...(name && { name }) });
    } catch (error) {
      if (error instanceof Error && error.message === SILENT) link.connection.stream.destroy();
      throw error;
    }
  };
  Object.assign(link, { query: watched });
}

/** One connection of its own, made again whenever it breaks. */
async function listenForEver(
  config: pg.ClientConfig,
  channel: string,
  onNotify: () => void,
): Promise<AsyncDisposable> {
  let client: pg.Client | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function open(): Promise<void> {
    const fresh = new pg.Client(config);
    client = fresh;
    fresh.on("notification", onNotify);
    fresh.on("error", () => {}); // "end" follows and opens again
    fresh.on("end", () => again(fresh));
    try {
      await fresh.connect();
      await fresh.query(`listen ${channel}`);
      onNotify();
    } catch {
      again(fresh);
      await fresh.end().catch(() => {});
    }
  }
  function again(broken: pg.Client): void {
    if (stopped || client !== broken) return; // a late "end" must not open a second one
    client = undefined;
    retry = setTimeout(open, RECONNECT_MS);
  }

  await open();
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}

async function connectEmbedded(folder: string): Promise<Database> {
  const pglite = await openPGlite(folder);
  const db = openKysely(new PGliteDialect({ pglite }));
  return {
    kind: "pglite",
    db,
    listen: (channel, onNotify) => pglite.listen(channel, onNotify),
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await pglite.close(); // when no query ever ran, Kysely has not closed it
    },
  };
}

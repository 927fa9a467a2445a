import { PostgresDialect, type PostgresPool } from "kysely";
import pg from "pg";
import type { Database } from "./connect.ts";
import { openKysely } from "./open-kysely.ts";
import { listenForEver } from "./postgres-listen.ts";
import { createNames } from "./prepared.ts";

const QUERY_MS = 5000;
const LOCK_MS = QUERY_MS + 5000; // longer than any query of a running Deskline holds a lock
const READ_ONLY = "25006";
const SILENT = "Query read timeout"; // pg has no code for it

// Both drivers give int8 as a number (ours stay below 2^53) and text for what has no JavaScript twin.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.NUMERIC, String);
types.setTypeParser(pg.types.builtins.INTERVAL, String);

export function connectPostgres(url: string): Database {
  const link = {
    connectionString: url,
    types,
    connectionTimeoutMillis: 2000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
  const bounds = {
    ...link,
    query_timeout: QUERY_MS,
    statement_timeout: QUERY_MS,
    lock_timeout: 2000,
    idle_in_transaction_session_timeout: 10_000,
  };
  let pool = openBounded();
  const current: PostgresPool = {
    options: pool.options,
    connect: () => pool.connect(),
    end: () => pool.end(),
  };
  const db = openKysely(new PostgresDialect({ pool: current }));

  function openBounded(): pg.Pool {
    const opened = openPool(bounds, () => opened === pool && renew());
    return opened;
  }
  function renew(): void {
    const old = pool;
    pool = openBounded();
    old.end().catch(() => {}); // every query has a bound, so each of its connections comes back
  }
  return {
    kind: "postgres",
    db,
    listen: async (channel, onNotify) => listenForEver(bounds, channel, onNotify),
    whenBroken() {},
    renew,
    async patiently(work) {
      const patient = openKysely(
        new PostgresDialect({ pool: openPool({ ...link, lock_timeout: LOCK_MS }) }),
      );
      try {
        return await work(patient);
      } finally {
        await patient.destroy();
      }
    },
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

function openPool(bounds: pg.ClientConfig, onReadOnly = () => {}): pg.Pool {
  const pool = new pg.Pool({ ...bounds, max: 20 });
  pool.on("error", () => {}); // an idle connection broke; the pool has dropped it already
  // One that broke in use says so to its query; but between two queries nobody listens, and Node would end.
  const nameOf = createNames();
  pool.on("connect", (client) => {
    client.on("error", () => {});
    watchQueries(client, { nameOf, onReadOnly });
  });
  return pool;
}

type Watched = {
  nameOf(text: string): string | undefined;
  onReadOnly(): void;
};

/**
 * Prepares what comes again. A server that has become a standby says so to every query of its old links; a new one may
 * lead to the new primary. And a link that left a query without an answer is half-open: back in the pool it would
 * swallow the next one, too.
 */
function watchQueries(link: pg.PoolClient, { nameOf, onReadOnly }: Watched): void {
  const query = link.query.bind(link) as (asked: pg.QueryConfig) => Promise<unknown>; // of its forms, this one
  const watched = async (text: string, values: unknown[] = []) => {
    const name = values.length > 0 ? nameOf(text) : undefined;
    try {
      return await query({ text, values, ...(name && { name }) });
    } catch (error) {
      if (isSilent(error)) link.connection.stream.destroy();
      if (isReadOnly(error)) onReadOnly();
      throw error;
    }
  };
  Object.assign(link, { query: watched });
}

function isSilent(error: unknown): boolean {
  return error instanceof Error && error.message === SILENT;
}

function isReadOnly(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === READ_ONLY;
}

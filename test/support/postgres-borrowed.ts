import { randomBytes } from "node:crypto";
import pg from "pg";
import type { PostgresServer } from "./postgres.ts";

const prefix = "deskline_test_";

/**
 * A server that outlives us keeps what killed runs left behind. Each run holds a lock of its name, so that
 * databases whose run nobody locks may go.
 */
export async function borrowPostgres(url: string): Promise<PostgresServer> {
  const run = `${prefix}${randomBytes(4).toString("hex")}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query("select pg_advisory_lock(hashtext($1))", [run]);
  await dropDatabases(admin, (owner) => owner !== run);
  return {
    url,
    run,
    async [Symbol.asyncDispose]() {
      await dropDatabases(admin, (owner) => owner === run);
      await admin.end();
    },
  };
}

async function dropDatabases(admin: pg.Client, mine: (run: string) => boolean): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    "select datname from pg_database where starts_with(datname, $1)",
    [prefix],
  );
  for (const { datname } of rows) {
    const run = datname.split("_").slice(0, 3).join("_");
    if (!mine(run)) continue;
    const { rowCount } = await admin.query("select where pg_try_advisory_lock(hashtext($1))", [
      run,
    ]);
    if (rowCount) await admin.query(`drop database if exists ${datname} with (force)`);
  }
}

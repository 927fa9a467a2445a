import { type Kysely, PGliteDialect, type Transaction } from "kysely";
import { openKysely } from "./open-kysely.ts";
import { openPGlite } from "./pglite-proxy.ts";
import { connectPostgres } from "./postgres.ts";
import type { Tables } from "./tables.ts";

export type Db = Kysely<Tables>;
/** A function that takes `Tx` can only be called inside a transaction. */
export type Tx = Transaction<Tables>;

export type Database = AsyncDisposable & {
  kind: "postgres" | "pglite";
  db: Db;
  /** Calls back after each committed NOTIFY, and once after each reconnection (some may have been missed). */
  listen(channel: "job", onNotify: () => void): Promise<AsyncDisposable>;
  /** New connections for every query from now on; the old ones end with what they are doing. */
  renew(): void;
};

/** With `url` a PostgreSQL server, else the embedded database in `folder`. */
export async function connect(at: { url: string } | { folder: string }): Promise<Database> {
  return "url" in at ? connectPostgres(at.url) : connectEmbedded(at.folder);
}

async function connectEmbedded(folder: string): Promise<Database> {
  const pglite = await openPGlite(folder);
  const db = openKysely(new PGliteDialect({ pglite }));
  return {
    kind: "pglite",
    db,
    listen: (channel, onNotify) => pglite.listen(channel, onNotify),
    renew() {}, // it is in this process
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await pglite.close(); // when no query ever ran, Kysely has not closed it
    },
  };
}

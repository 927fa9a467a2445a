import type { Kysely, Transaction } from "kysely";
import type { Place } from "./in-words.ts";
import { openKysely } from "./open-kysely.ts";
import { embeddedDialect } from "./pglite-dialect.ts";
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
  /** Tells, at once or later, that it can never answer again. A server may always come back. */
  whenBroken(tell: (why: Error) => void): void;
  /** New connections for every query from now on; the old ones end with what they are doing. */
  renew(): void;
  /** Runs what may take minutes, as a migration may: without the bounds that hold for every other query. */
  patiently<T>(work: (db: Db) => Promise<T>): Promise<T>;
};

/** With `url` a PostgreSQL server, else the embedded database in `folder`. */
export async function connect(at: Place): Promise<Database> {
  return "url" in at ? connectPostgres(at.url) : connectEmbedded(at.folder, at.namedBy);
}

async function connectEmbedded(folder: string, namedBy?: string): Promise<Database> {
  const pglite = await openPGlite(folder, { namedBy });
  const db = openKysely(embeddedDialect(pglite));
  return {
    kind: "pglite",
    db,
    listen: (channel, onNotify) => pglite.listen(channel, onNotify),
    whenBroken: (tell) => void pglite.broken.then(tell),
    renew() {}, // it is in this process
    patiently: (work) => work(db), // nothing bounds its queries
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await pglite.close(); // when no query ever ran, Kysely has not closed it
    },
  };
}

import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from "kysely";
import type { PGliteProxy } from "./pglite-proxy.ts";

/** Kysely's own driver for PGlite waits for ever when a transaction cannot begin, and all others behind it. */
export function embeddedDialect(pglite: PGliteProxy): Dialect {
  return {
    createAdapter: () => new PGliteAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createDriver: () => createDriver(pglite),
  };
}

function createDriver(pglite: PGliteProxy): Driver {
  const connection = connectionOf(pglite);
  let release = () => {};
  return {
    async init() {},
    async acquireConnection() {
      release = await pglite.takeTurn();
      return connection;
    },
    async releaseConnection() {
      release();
    },
    async beginTransaction() {
      await pglite.query("begin");
    },
    async commitTransaction() {
      const { command } = await pglite.query("commit");
      if (command === "ROLLBACK") throw new TransactionAborted("The transaction was rolled back.");
    },
    async rollbackTransaction() {
      await pglite.query("rollback").catch(() => {}); // what made it fail is the better error
    },
    destroy: () => pglite.close(),
  };
}

function connectionOf(pglite: PGliteProxy): DatabaseConnection {
  return {
    async executeQuery({ sql, parameters }) {
      try {
        const { rows, affectedRows } = await pglite.query(sql, [...parameters]);
        return {
          rows: rows as never[], // the caller says what its rows are
          ...(affectedRows !== undefined && { numAffectedRows: BigInt(affectedRows) }),
        };
      } catch (error) {
        if (error instanceof Error) Error.captureStackTrace(error); // it was made where no caller is seen
        throw error;
      }
    },
    streamQuery() {
      throw new Error("The embedded database gives its answers whole.");
    },
  };
}

/** PostgreSQL answers the COMMIT of a failed transaction with a quiet ROLLBACK. */
class TransactionAborted extends Error {
  override name = "TransactionAborted";
}

import { AsyncLocalStorage } from "node:async_hooks";
import { type Dialect, Kysely } from "kysely";
import type { Tables } from "./tables.ts";

type Place = { isOpen: boolean };

/**
 * A Kysely whose `db` cannot be asked from inside its own transaction. On PGlite, which has one connection,
 * that would wait for ever; on a server it would run outside of the transaction without a word.
 */
export function openKysely(dialect: Dialect): Kysely<Tables> {
  const places = new AsyncLocalStorage<Place>();
  const db = new Kysely<Tables>({
    dialect: refusing(dialect, () => places.getStore()?.isOpen ?? false),
  });
  const transaction = db.transaction.bind(db);
  db.transaction = () => {
    const builder = transaction();
    const execute = builder.execute.bind(builder);
    builder.execute = (body) => execute((tx) => runInside(places, () => body(tx)));
    return builder;
  };
  return db;
}

async function runInside<T>(places: AsyncLocalStorage<Place>, body: () => Promise<T>): Promise<T> {
  const place = { isOpen: true };
  try {
    return await places.run(place, body);
  } finally {
    place.isOpen = false; // work that was started inside and goes on after the end may ask `db` again
  }
}

function refusing(dialect: Dialect, isInside: () => boolean): Dialect {
  const adapter = dialect.createAdapter();
  return {
    // Kysely's own queue for a single connection would hold the caller before we can refuse it.
    createAdapter: () => Object.create(adapter, { supportsMultipleConnections: { value: true } }),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createDriver() {
      const driver = dialect.createDriver();
      const acquire = driver.acquireConnection.bind(driver);
      driver.acquireConnection = async (options) => {
        if (isInside()) throw new Error("Inside a transaction only `tx` may be asked.");
        return acquire(options);
      };
      return driver;
    },
  };
}

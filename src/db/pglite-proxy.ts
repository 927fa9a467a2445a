import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { lockFolder } from "./folder-lock.ts";
import type { FromThread, ToThread } from "./pglite-thread.ts";

type Result = {
  rows: Record<string, unknown>[];
  affectedRows?: number;
  fields: { name: string; dataTypeID: number }[];
  command?: string;
};
type Asked = ToThread extends infer T ? (T extends unknown ? Omit<T, "id"> : never) : never;
type Ask = (message: Asked) => Promise<Result>;
type Query = <T>(sql: string, parameters?: unknown[]) => Promise<Result & { rows: T[] }>;

/** What Kysely's PGliteDialect needs of a PGlite, plus `listen`. */
export type PGliteProxy = {
  readonly closed: boolean;
  readonly ready: boolean;
  readonly waitReady: Promise<void>;
  query: Query;
  transaction<T>(body: (tx: { query: Query; rollback(): Promise<void> }) => Promise<T>): Promise<T>;
  listen(channel: "job", onNotify: () => void): Promise<AsyncDisposable>;
  close(): Promise<void>;
};

const BYTEA = 17;
const VACUUM_EVERY_MS = 3_600_000; // PGlite has no autovacuum: 20,000 jobs leave 40,000 dead rows

/** PGlite in a thread of its own: a heavy query holds up its own answer, not the acks (53 ms against 773). */
export async function openPGlite(folder: string): Promise<PGliteProxy> {
  const lock = lockFolder(folder);
  const listeners = new Set<() => void>();
  const thread = await startThread(join(folder, "postgres"), () => {
    for (const onNotify of listeners) onNotify();
  }).catch((error: unknown) => {
    lock[Symbol.dispose]();
    throw error;
  });
  const alone = inTurn();
  let asked: Promise<unknown> | undefined;
  const query: Query = async (sql, parameters = []) =>
    withBuffers(await thread.ask({ sql, parameters })) as never; // the caller says what its rows are
  const vacuum = setInterval(
    () => void alone(() => query("vacuum analyze")).catch(() => {}),
    VACUUM_EVERY_MS,
  );

  return {
    get closed() {
      return thread.hasStopped();
    },
    ready: true,
    waitReady: Promise.resolve(),
    query: (sql, parameters) => alone(() => query(sql, parameters)),
    transaction: (body) => alone(() => transact(query, body)),
    async listen(channel, onNotify) {
      asked ??= alone(() => thread.ask({ listen: channel }));
      await asked;
      listeners.add(onNotify);
      return { [Symbol.asyncDispose]: async () => void listeners.delete(onNotify) };
    },
    async close() {
      clearInterval(vacuum);
      if (!thread.hasStopped()) await alone(() => thread.stop());
      lock[Symbol.dispose]();
    },
  };
}

async function startThread(folder: string, onNotified: () => void) {
  const thread = new Worker(new URL("./pglite-thread.ts", import.meta.url), {
    workerData: { folder },
  });
  const waiting = new Map<number, PromiseWithResolvers<Result>>();
  let nextId = 1;
  let stopped: Error | undefined;

  thread.on("message", (message: FromThread) => {
    if ("notified" in message) return onNotified();
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message)
      caller?.reject(Object.assign(new Error(message.error.message), message.error));
    else caller?.resolve(message.result as Result); // the thread answers each question in its shape
  });
  thread.on("error", (cause) => stop(new Error("The embedded database broke down.", { cause })));
  thread.on("exit", () => stop(new Error("The embedded database is closed.")));

  function stop(error: Error): void {
    stopped ??= error;
    for (const caller of waiting.values()) caller.reject(stopped);
    waiting.clear();
  }
  const ask: Ask = (message) => {
    if (stopped) return Promise.reject(stopped);
    const caller = Promise.withResolvers<Result>();
    waiting.set(nextId, caller);
    thread.postMessage({ ...message, id: nextId++ });
    return caller.promise;
  };
  try {
    await ask({ sql: "select 1", parameters: [] });
  } catch (error) {
    await thread.terminate();
    throw error;
  }
  return {
    ask,
    hasStopped: () => stopped !== undefined,
    async stop() {
      const exited = once(thread, "exit");
      await ask({ close: true });
      await exited;
    },
  };
}

/** One connection: whoever is not inside the transaction waits for its end. */
function inTurn() {
  let turn: Promise<unknown> = Promise.resolve();
  return function alone<T>(body: () => Promise<T>): Promise<T> {
    const mine = turn.then(body);
    turn = mine.catch(() => {});
    return mine;
  };
}

async function transact<T>(
  query: Query,
  body: (tx: { query: Query; rollback(): Promise<void> }) => Promise<T>,
): Promise<T> {
  await query("begin");
  try {
    const result = await body({ query, rollback: async () => void (await query("rollback")) });
    const { command } = await query("commit");
    if (command === "ROLLBACK") throw new TransactionAborted("The transaction was aborted.");
    return result;
  } catch (error) {
    await query("rollback").catch(() => {});
    throw error;
  }
}

/** PostgreSQL answers the COMMIT of a failed transaction with a quiet ROLLBACK. */
class TransactionAborted extends Error {
  override name = "TransactionAborted";
  readonly code = "25P02"; // Kysely knows it by this
}

/** A Buffer crosses from the thread as a plain Uint8Array. */
function withBuffers(result: Result): Result {
  const names = result.fields?.filter(({ dataTypeID }) => dataTypeID === BYTEA) ?? [];
  for (const { name } of names) {
    for (const row of result.rows) {
      const bytes = row[name];
      if (bytes instanceof Uint8Array)
        row[name] = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    }
  }
  return result;
}

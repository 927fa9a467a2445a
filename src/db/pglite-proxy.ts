import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { lockFolder } from "./folder-lock.ts";
import type { FromThread, ToThread } from "./pglite-thread.ts";

type Result = {
  rows: never[];
  affectedRows?: number;
  fields: { name: string; dataTypeID: number }[];
};
type Asked = Omit<ToThread, "id">;
type Query = <T>(sql: string, parameters?: unknown[]) => Promise<Result & { rows: T[] }>;

/** What Kysely's PGliteDialect needs of a PGlite, plus `listen`. */
export type PGliteProxy = {
  readonly closed: boolean;
  readonly ready: boolean;
  readonly waitReady: Promise<void>;
  query: Query;
  transaction<T>(body: (tx: { query: Query; rollback(): Promise<void> }) => Promise<T>): Promise<T>;
  listen(channel: string, onNotify: () => void): Promise<AsyncDisposable>;
  close(): Promise<void>;
};

/** PGlite in a thread of its own: a heavy query holds up its own answer, not the acks (53 ms against 773). */
export async function openPGlite(folder: string): Promise<PGliteProxy> {
  const lock = lockFolder(folder);
  const thread = new Worker(new URL("./pglite-thread.ts", import.meta.url), {
    workerData: { folder },
  });
  const waiting = new Map<number, PromiseWithResolvers<Result>>();
  const listeners = new Set<() => void>();
  let nextId = 1;
  let closed = false;
  let turn: Promise<unknown> = Promise.resolve();

  thread.on("message", (message: FromThread) => {
    if ("notified" in message) {
      for (const onNotify of listeners) onNotify();
      return;
    }
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message) return caller?.reject(asError(message.error));
    caller?.resolve(message.result as Result);
  });
  thread.on("error", (error) => failAll(error));
  thread.on("exit", () => failAll(new Error("the embedded database has stopped")));

  function failAll(error: unknown): void {
    closed = true;
    for (const caller of waiting.values()) caller.reject(error);
    waiting.clear();
  }
  function ask(message: Asked): Promise<Result> {
    if (closed) return Promise.reject(new Error("the embedded database is closed"));
    const caller = Promise.withResolvers<Result>();
    waiting.set(nextId, caller);
    thread.postMessage({ ...message, id: nextId++ });
    return caller.promise;
  }
  // One connection: whoever is not inside the transaction waits for its end.
  function alone<T>(body: () => Promise<T>): Promise<T> {
    const mine = turn.then(body);
    turn = mine.catch(() => {});
    return mine;
  }
  const query: Query = (sql, parameters = []) => ask({ sql, parameters }) as never;

  try {
    await ask({ sql: "select 1", parameters: [] });
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
  return {
    get closed() {
      return closed;
    },
    ready: true,
    waitReady: Promise.resolve(),
    query: (sql, parameters) => alone(() => query(sql, parameters)),
    transaction: (body) =>
      alone(async () => {
        await query("begin");
        try {
          const result = await body({
            query,
            rollback: async () => void (await query("rollback")),
          });
          await query("commit");
          return result;
        } catch (error) {
          await query("rollback").catch(() => {});
          throw error;
        }
      }),
    async listen(channel, onNotify) {
      await alone(() => ask({ listen: channel }));
      listeners.add(onNotify);
      return { [Symbol.asyncDispose]: async () => void listeners.delete(onNotify) };
    },
    async close() {
      if (closed) return;
      await alone(() => ask({ close: true }));
      closed = true;
      if (thread.threadId > 0) await Promise.race([once(thread, "exit"), thread.terminate()]);
      lock[Symbol.dispose]();
    },
  };
}

/** Errors lose their class between threads; the SQLSTATE must not get lost. */
function asError(parts: { message: string; code?: string }): Error {
  return Object.assign(new Error(parts.message), parts.code ? { code: parts.code } : {});
}

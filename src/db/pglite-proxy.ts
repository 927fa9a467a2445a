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

/** PGlite has one connection: whoever asks has taken the turn, and gives it back. */
export type PGliteProxy = {
  /** Waits until nobody else has it. Answers what gives it back. */
  takeTurn(): Promise<() => void>;
  query(sql: string, parameters?: unknown[]): Promise<Result>;
  listen(channel: "job", onNotify: () => void): Promise<AsyncDisposable>;
  /** After all that waited before. Whoever comes later is refused. */
  close(): Promise<void>;
};

const BYTEA = 17;
const VACUUM_EVERY_MS = 3_600_000; // PGlite has no autovacuum: 20,000 jobs leave 40,000 dead rows

/** PGlite in a thread of its own: a heavy query holds up its own answer, not the acks (53 ms against 773). */
export async function openPGlite(folder: string, namedBy?: string): Promise<PGliteProxy> {
  const lock = lockFolder(folder, namedBy);
  const listeners = new Set<() => void>();
  const thread = await startThread(join(folder, "postgres"), () => {
    for (const onNotify of listeners) onNotify();
  }).catch((error: unknown) => {
    lock[Symbol.dispose]();
    throw error;
  });
  const takeTurn = oneAtATime();
  let asked: Promise<unknown> | undefined;
  let closed: Promise<void> | undefined;
  const query = async (sql: string, parameters: unknown[] = []) =>
    withBuffers(await thread.ask({ sql, parameters }));
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    const release = await takeTurn();
    return work().finally(release);
  }
  async function close(): Promise<void> {
    clearInterval(vacuum);
    await alone(thread.stop).finally(() => lock[Symbol.dispose]());
  }
  const vacuum = setInterval(
    () => void alone(() => query("vacuum analyze")).catch(() => {}),
    VACUUM_EVERY_MS,
  );

  return {
    takeTurn,
    query,
    async listen(channel, onNotify) {
      asked ??= alone(() => thread.ask({ listen: channel }));
      await asked;
      listeners.add(onNotify);
      return { [Symbol.asyncDispose]: async () => void listeners.delete(onNotify) };
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

async function startThread(folder: string, onNotified: () => void) {
  const thread = new Worker(new URL("./pglite-thread.ts", import.meta.url), {
    workerData: { folder },
  });
  const waiting = new Map<number, PromiseWithResolvers<Result>>();
  let nextId = 1;
  let ended: { why: string; cause?: unknown } | undefined;

  thread.on("message", (message: FromThread) => {
    if ("notified" in message) return onNotified();
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message)
      caller?.reject(Object.assign(new Error(message.error.message), message.error));
    else caller?.resolve(message.result as Result); // the thread answers each question in its shape
  });
  thread.on("error", (cause) => {
    ended = { why: "The embedded database broke down.", cause }; // "exit" follows
  });
  const exited = new Promise<void>((resolve) => thread.once("exit", () => resolve(end())));

  function end(): void {
    ended ??= { why: "The embedded database is closed." };
    for (const caller of waiting.values()) caller.reject(refusal(ended));
    waiting.clear();
  }
  async function ask(message: Asked): Promise<Result> {
    if (ended) throw refusal(ended);
    const id = nextId++;
    thread.postMessage({ ...message, id });
    const caller = Promise.withResolvers<Result>();
    waiting.set(id, caller);
    return caller.promise;
  }
  try {
    await ask({ sql: "select 1", parameters: [] });
  } catch (error) {
    await thread.terminate();
    throw error;
  }
  return {
    ask,
    async stop() {
      try {
        if (!ended) await ask({ close: true });
      } finally {
        await exited;
      }
    },
  };
}

/** A new one for each who hears it. */
function refusal({ why, cause }: { why: string; cause?: unknown }): Error {
  return new Error(why, { cause });
}

function oneAtATime() {
  let last = Promise.resolve();
  return async function takeTurn(): Promise<() => void> {
    const turn = Promise.withResolvers<void>();
    const before = last;
    last = turn.promise;
    await before;
    return turn.resolve;
  };
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

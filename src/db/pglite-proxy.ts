import { statSync } from "node:fs";
import { join } from "node:path";
import { lockFolder } from "./folder-lock.ts";
import { type Result, SILENT_MS, startThread } from "./pglite-start.ts";

/** PGlite has one connection: whoever asks has taken the turn, and gives it back. */
export type PGliteProxy = {
  /** Waits until nobody else has it. Answers what gives it back. */
  takeTurn(): Promise<() => void>;
  query(sql: string, parameters?: unknown[]): Promise<Result>;
  listen(channel: "job", onNotify: () => void): Promise<AsyncDisposable>;
  /** Resolves when it has ended without being closed. */
  broken: Promise<Error>;
  /** After all that waited before. Whoever comes later is refused. */
  close(): Promise<void>;
};

const BYTEA = 17;
const VACUUM_EVERY_MS = 3_600_000; // PGlite has no autovacuum: 20,000 jobs leave 40,000 dead rows

/** PGlite in a thread of its own: a heavy query holds up its own answer, not the acks (53 ms against 773). */
export async function openPGlite(
  folder: string,
  { silentMs = SILENT_MS, namedBy }: { silentMs?: number; namedBy?: string | undefined } = {},
): Promise<PGliteProxy> {
  const files = join(folder, "postgres");
  if (statSync(files, { throwIfNoEntry: false })?.isFile()) throw new Error(`${files} is a file`);
  const lock = lockFolder(folder, namedBy);
  const listeners = new Set<() => void>();
  const thread = await startThread(files, () => {
    for (const onNotify of listeners) onNotify();
  }).catch((error: unknown) => {
    lock[Symbol.dispose]();
    throw error;
  });
  const takeTurn = oneAtATime();
  let asked: Promise<unknown> | undefined;
  let closed: Promise<void> | undefined;
  const query = async (sql: string, parameters: unknown[] = []) =>
    withBuffers(await thread.ask({ sql, parameters }, silentMs));
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
    broken: thread.broken,
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

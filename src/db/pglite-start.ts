import { Worker } from "node:worker_threads";
import type { FromThread, ToThread } from "./pglite-thread.ts";

export type Result = {
  rows: Record<string, unknown>[];
  affectedRows?: number;
  fields: { name: string; dataTypeID: number }[];
  command?: string;
};
type Asked = ToThread extends infer T ? (T extends unknown ? Omit<T, "id"> : never) : never;
type Ended = { why: string; cause?: unknown };

/** PGlite spins for ever where its log cannot grow, as on a full disk. No query of ours takes so long. */
export const SILENT_MS = 120_000;

/** A question has one answer, or a plain error when the thread ends, however it does. */
export async function startThread(folder: string, onNotified: () => void) {
  const thread = new Worker(new URL("./pglite-thread.ts", import.meta.url), {
    workerData: { folder },
  });
  const waiting = new Map<number, PromiseWithResolvers<Result>>();
  let nextId = 1;
  const broken = Promise.withResolvers<Error>();
  let ended: Ended | undefined;
  let isClosing = false;

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
    if (!isClosing) broken.resolve(refusal(ended));
  }
  function giveUp(): void {
    ended ??= { why: "The embedded database does not answer any more: its disk may be full." };
    void thread.terminate(); // "exit" follows
  }
  async function ask(message: Asked, silentMs = SILENT_MS): Promise<Result> {
    if (ended) throw refusal(ended);
    const id = nextId++;
    thread.postMessage({ ...message, id });
    const caller = Promise.withResolvers<Result>();
    waiting.set(id, caller);
    const timer = setTimeout(giveUp, silentMs);
    try {
      return await caller.promise;
    } finally {
      clearTimeout(timer);
    }
  }
  try {
    await ask({ sql: "select 1", parameters: [] });
  } catch (error) {
    await thread.terminate();
    throw error;
  }
  return {
    ask,
    broken: broken.promise,
    async stop() {
      isClosing = true;
      try {
        if (!ended) await ask({ close: true });
      } finally {
        await exited;
      }
    },
  };
}

/** A new one for each who hears it. */
function refusal({ why, cause }: Ended): Error {
  return new Error(why, { cause });
}

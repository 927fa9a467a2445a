import type { Logger } from "pino";
import type { Database } from "#db/connect.ts";
import { ringWorkers } from "./queue.ts";
import { mendLanes } from "./rings.ts";
import type { Watchdog } from "./watchdog.ts";

const SWEEP_MS = 5000;
const GRACE_MS = 7000; // a stop ends within 10 s: 7 for what is under way, 1 for its last word, 2 to hand back on a busy machine

type Ringing = {
  /** Does what is due now; answers when to come again (ms), or undefined for "when rung". */
  onRing(again: () => void): Promise<number | undefined>;
  /** Waits for what is under way. */
  onStop(): Promise<unknown>;
  /** Aborted when a stop takes too long. */
  hurry: AbortController;
  watchdog: Watchdog;
};

/** The loop of both workers: wakes on NOTIFY, when something becomes due, and every 5 seconds. */
export async function startBell(
  database: Database,
  log: Logger,
  { onRing, onStop, hurry, watchdog }: Ringing,
): Promise<AsyncDisposable> {
  const stop = new AbortController();
  let rung = Promise.withResolvers<void>();
  const ring = () => rung.resolve();
  const listening = await database.listen("job", ring);

  async function loop(): Promise<void> {
    let sweptAt = 0;
    let isBlind = false;
    while (!stop.signal.aborted) {
      rung = Promise.withResolvers<void>();
      const wait = await round().then(sees, isKeptFrom);
      await pause(Math.min(wait ?? SWEEP_MS, SWEEP_MS));
    }

    function sees(wait: number | undefined): number | undefined {
      if (isBlind) log.info("the worker looks for jobs again");
      isBlind = false;
      return wait;
    }
    /** Said once: it asks again each second, for as long as the outage lasts. */
    function isKeptFrom(err: unknown): number {
      if (!isBlind) log.error({ err }, "the worker could not look for jobs");
      isBlind = true;
      return SWEEP_MS / 5;
    }
    async function round(): Promise<number | undefined> {
      if (Date.now() - sweptAt >= SWEEP_MS) {
        sweptAt = Date.now();
        await mendLanes(database.db);
      }
      return onRing(ring);
    }
  }
  async function pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    const timer = setTimeout(ring, ms);
    await rung.promise;
    clearTimeout(timer);
  }

  const looping = loop();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      watchdog[Symbol.dispose]();
      ring();
      const hurrying = setTimeout(() => hurry.abort(), GRACE_MS);
      await looping;
      await listening[Symbol.asyncDispose]();
      await onStop();
      clearTimeout(hurrying);
      // What was handed back, or is next in its lane, need not wait for the others' sweep.
      await ringWorkers(database.db).catch(() => {});
    },
  };
}

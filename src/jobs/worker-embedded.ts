import type { Database } from "#db/connect.ts";
import { startBell } from "./bell.ts";
import { claimDue } from "./claims.ts";
import { dueInMs } from "./rings.ts";
import { runJob, type WorkerContext } from "./run.ts";
import { startWatchdog } from "./watchdog.ts";

const SLOTS = 20;
const MANY = SLOTS / 2;
const GATHER_MS = 10; // a claim costs the same for ten as for one
const LOOK_AGAIN_MS = 50; // what was just claimed has the database to itself

export type Worker = AsyncDisposable & {
  /** What it waits for, other than the database; undefined when it can work. */
  outage(): string | undefined;
};

/** One dispatcher per process: claims as many due jobs as it has free slots, and runs them here. */
export async function startEmbeddedWorker(
  database: Database,
  context: WorkerContext,
): Promise<Worker> {
  const { db } = context;
  const running = new Set<Promise<void>>();
  const hurry = new AbortController();
  let claimedAt = 0;
  const watchdog = startWatchdog({
    db,
    log: context.log,
    rebuild: () => database.renew(),
    giveUp: context.giveUp,
  });
  const bell = await startBell(database, context.log, {
    hurry,
    watchdog,
    async onRing(again) {
      const free = SLOTS - running.size;
      if (free === 0) return undefined; // the next to end rings
      const soonAgain = claimedAt + GATHER_MS - performance.now();
      if (free < MANY && soonAgain > 0) return soonAgain;
      claimedAt = performance.now();
      const claimed = await claimDue(db, free, context.leaseMs);
      for (const job of claimed) {
        const done = runJob({ ...context, stopping: hurry.signal }, job).finally(() => {
          running.delete(done);
          watchdog.moved();
          again();
        });
        running.add(done);
      }
      if (claimed.length === free) return 0;
      return claimed.length > 0 ? LOOK_AGAIN_MS : dueInMs(db);
    },
    onStop: () => Promise.all(running),
  });
  return Object.assign(bell, { outage: () => undefined });
}

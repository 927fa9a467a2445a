import type { Database } from "#db/connect.ts";
import { finishSoon, startBell } from "./bell.ts";
import { claimDue, dueInMs, mendLanes } from "./queue.ts";
import { type JobContext, runJob } from "./run.ts";

const SLOTS = 10;

export type Worker = AsyncDisposable;

/** One dispatcher per process: claims as many due jobs as it has free slots, and runs them here. */
export async function startEmbeddedWorker(
  database: Database,
  context: Omit<JobContext, "stopping">,
): Promise<Worker> {
  const { db } = context;
  const running = new Set<Promise<void>>();
  const hurry = new AbortController();
  return startBell(database, context.log, {
    async onRing(again) {
      const claimed = await claimDue(db, SLOTS - running.size);
      for (const job of claimed) {
        const done = runJob({ ...context, stopping: hurry.signal }, job).finally(() => {
          running.delete(done);
          again();
        });
        running.add(done);
      }
      if (claimed.length > 0 && running.size < SLOTS) return 0;
      return running.size < SLOTS ? dueInMs(db, "claim") : undefined;
    },
    onSweep: () => mendLanes(db),
    onStop: () => finishSoon(hurry, Promise.all(running)),
  });
}

import type { Logger } from "pino";
import type { Db } from "#db/connect.ts";
import { enqueue } from "#jobs/queue.ts";
import { startRounds } from "#rounds.ts";
import { type Gap, noteHearing } from "./store-hearing.ts";

const LOOK_MS = 20_000;
const GAP_S = 60; // Slack repeats what it could not deliver, but not for long, and over Socket Mode not at all

/**
 * Writes down from time to time that Slack is heard. When nobody was there for longer than a minute, or the database did
 * not take it, what people wrote meanwhile is looked for in the threads.
 */
export function startHearing(
  { db, log }: { db: Db; log: Logger },
  isHearing: () => boolean,
  lookMs = LOOK_MS,
): AsyncDisposable {
  return startRounds(async () => {
    if (isHearing()) {
      // A database that is away is a gap, and is told elsewhere.
      const gap = await hear(db).catch(() => undefined);
      if (gap) log.warn({ since: gap.since }, "Slack was not heard: the threads are read up");
    }
    return lookMs;
  }, 0);
}

/** The gap that ends now, if there is one. */
export async function hear(db: Db): Promise<Gap | undefined> {
  return db.transaction().execute(async (tx) => {
    const gap = await noteHearing(tx, GAP_S);
    if (gap)
      await enqueue(tx, "ticket.find-missed", gap, { key: `ticket.find-missed:${gap.since}` });
    return gap;
  });
}

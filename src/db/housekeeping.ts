import type { Logger } from "pino";
import type { Metrics } from "#metrics.ts";
import { startRounds } from "#rounds.ts";
import type { Db } from "./connect.ts";
import { clearOldRows, KEPT_TABLES, type KeptTable } from "./old-rows.ts";

const BATCH = 1000; // some 50 ms of the database
const REST_MS = 600_000;
const NEXT_MS = 1000; // after a full batch: a million rows in 20 minutes, beside everything else

type Needs = { db: Db; log: Logger; metrics: Metrics };

/** Removes old rows, a little at a time. Any number of workers may do so at once. */
export function startHousekeeping(
  { db, log, metrics }: Needs,
  { batch = BATCH, restMs = REST_MS, nextMs = NEXT_MS } = {},
): AsyncDisposable {
  return startRounds(async (isStopped) => {
    let isMore = false;
    for (const table of KEPT_TABLES) {
      if (!isStopped()) isMore = (await clear(table)) === batch || isMore;
    }
    return isMore ? nextMs : restMs;
  }, nextMs);

  async function clear(table: KeptTable): Promise<number> {
    try {
      const rows = await clearOldRows(db, table, batch);
      metrics.cleared(table, rows);
      return rows;
    } catch (err) {
      log.warn({ err, table }, "old rows were not cleared");
      return 0;
    }
  }
}

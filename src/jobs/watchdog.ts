import type { Logger } from "pino";
import type { Db } from "#db/connect.ts";
import { isOverdue } from "./rings.ts";

const LOOK_MS = 5000;
const STILL_MS = 30_000;
const MAX_REBUILDS = 2;

export type Watchdog = Disposable & {
  /** A job was run here. */
  moved(): void;
};

type Watched = {
  db: Db;
  log: Logger;
  /** Lets go of every connection that work may wait for, and opens new ones. */
  rebuild(): void;
  /** Nothing helped: ends the process, for its supervisor to start it anew. */
  giveUp(): void;
  /** What keeps the work waiting is known, and passes without us. */
  isOutage?(): boolean;
  /** Milliseconds; 30,000 when absent. */
  stillMs?: number;
};

/** Work is due and none was run here for 30 s: something that it waits for will never answer. */
export function startWatchdog({ db, log, rebuild, giveUp, ...rest }: Watched): Watchdog {
  const { stillMs = STILL_MS, isOutage = () => false } = rest;
  let movedAt = performance.now();
  let rebuilds = 0;

  function moved(): void {
    movedAt = performance.now();
    rebuilds = 0;
  }
  async function look(): Promise<void> {
    if (isOutage()) return moved();
    if (performance.now() - movedAt < stillMs) return;
    // A database that does not answer is an outage, too.
    if (!(await isOverdue(db, stillMs).catch(() => false))) return moved();
    if (rebuilds === MAX_REBUILDS) {
      log.fatal("no job has moved, and new connections did not help: this process ends");
      return giveUp();
    }
    rebuilds += 1;
    movedAt = performance.now();
    log.error({ stillMs, rebuilds }, "work is due and none has moved: connections are made anew");
    rebuild();
  }

  const timer = setInterval(() => void look(), Math.min(LOOK_MS, stillMs / 2));
  return { moved, [Symbol.dispose]: () => clearInterval(timer) };
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database } from "#db/connect.ts";
import { CannotStart } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import { startBell } from "./bell.ts";
import { type Carriage, openCarriage } from "./bullmq-carriage.ts";
import { claimOne, dueInMs, ringDue } from "./claims.ts";
import { runJob, type WorkerContext } from "./run.ts";
import { startWatchdog } from "./watchdog.ts";
import type { Worker } from "./worker-embedded.ts";

const SLOTS = 10;
const BATCH = 200;
const ENOUGH = 1000; // rung every 5 s, a backlog of 100,000 would pile up in Redis without end
const FIRST_LOOK_MS = 2000;

/** BullMQ only carries ids between processes. Postgres keeps the jobs, their retries and their ends. */
export async function startBullmqWorker(
  database: Database,
  redisUrl: string,
  context: WorkerContext,
): Promise<Worker> {
  const { db, log } = context;
  const hurry = new AbortController();
  const running = new Set<Promise<void>>();
  let isBacklog = true; // what an earlier life left in Redis
  let again = () => {};
  let carriage = open();
  await mustNotEvict(carriage, log);
  const watchdog = startWatchdog({
    db,
    log,
    rebuild,
    giveUp: context.giveUp,
    isOutage: () => !carriage.isReady(),
  });

  function open(): Carriage {
    return openCarriage(redisUrl, log, { slots: SLOTS, carry, onReady: () => again() });
  }
  function rebuild(): void {
    database.renew();
    void carriage.close(Promise.resolve());
    carriage = open();
  }
  async function carry(id: string): Promise<void> {
    const work = claimAndRun(id).finally(() => running.delete(work));
    running.add(work);
    await work;
  }
  async function claimAndRun(id: string): Promise<void> {
    const job = await claimOne(db, id, context.leaseMs);
    if (job) {
      await runJob({ ...context, stopping: hurry.signal }, job);
      watchdog.moved();
    }
    again(); // the next of its lane may be due
  }

  /** Asked after a full batch only: a backlog begins with one, and the others need not wait for Redis twice. */
  async function isFull(): Promise<boolean> {
    if (!isBacklog) return false;
    const waiting = await carriage.countWaiting();
    isBacklog = waiting > 0;
    return waiting >= ENOUGH;
  }

  return startBell(database, log, {
    hurry,
    watchdog,
    async onRing(ring) {
      again = ring;
      if (!carriage.isReady()) return undefined; // "ready" rings
      if (await isFull()) return undefined; // each job that ends rings
      const ids = await ringDue(db, BATCH);
      if (ids.length > 0) {
        await faultPoint("relay.before-add");
        await carriage.send(ids);
        await faultPoint("relay.after-add");
      }
      isBacklog ||= ids.length === BATCH;
      return ids.length === BATCH ? 0 : dueInMs(db, "ring");
    },
    onStop: () => carriage.close(Promise.allSettled(running)),
  });
}

/** Nothing would be lost, but everything late: what Redis lets go comes again only with the sweep. */
async function mustNotEvict(carriage: Carriage, log: Logger): Promise<void> {
  const deadline = Date.now() + FIRST_LOOK_MS;
  while (!carriage.isReady()) {
    if (Date.now() > deadline) return; // it is down; tickets are taken all the same
    await sleep(20);
  }
  const policy = await carriage.evictionPolicy().catch(() => undefined);
  if (policy === undefined) return log.debug("Redis does not say how it evicts");
  if (policy === "noeviction") return;
  await carriage.close(Promise.resolve());
  throw new CannotStart(
    `Redis may throw jobs away when its memory is full (maxmemory-policy is "${policy}"). Set it to "noeviction": redis-cli config set maxmemory-policy noeviction, and the same in redis.conf.`,
  );
}

import type { Database } from "#db/connect.ts";
import { faultPoint } from "#fault-points.ts";
import { startBell } from "./bell.ts";
import { type Carriage, MOST_CARRIED, openCarriage } from "./bullmq-carriage.ts";
import { claimOne, claimThese } from "./claims.ts";
import { type EvictionWatch, watchEviction } from "./eviction.ts";
import { lookAtRedis } from "./first-look.ts";
import { gapMs } from "./lanes.ts";
import type { ClaimedJob } from "./queue.ts";
import { watchRoom } from "./redis-room.ts";
import { ringDue, unring } from "./rings.ts";
import { runJob, type WorkerContext } from "./run.ts";
import { startWatchdog } from "./watchdog.ts";
import type { Worker } from "./worker-embedded.ts";

const SLOTS = 20;
const BATCH = 50;
const ENOUGH = 100; // Redis has one line for all: who comes now waits behind no more than these
const LOOK_MS = 25; // a look walks all lanes that have work: for each message one would cost as much as the sending
const REST = 6; // times as long as the last look took, until the next: on a busy machine looks were half of all work
const LONGEST_REST_MS = 1000;
const ROOM_LOOK_MS = 1000;

/** BullMQ only carries ids between processes. Postgres keeps the jobs, their retries and their ends. */
export async function startBullmqWorker(
  database: Database,
  redisUrl: string,
  context: WorkerContext,
): Promise<Worker> {
  const { db, log } = context;
  const hurry = new AbortController();
  const carrying = new Set<Promise<void>>();
  const running = new Set<Promise<void>>();
  let isBacklog = true; // what an earlier life left in Redis
  let again = () => {};
  let willLook = false;
  let restMs = LOOK_MS;
  let isStopping = false;
  let eviction: EvictionWatch | undefined;
  const room = watchRoom(log);
  let carriage = open();
  await lookAtRedis(carriage, redisUrl);
  eviction = watchEviction(() => carriage, log);
  const watchdog = startWatchdog({
    db,
    log,
    rebuild,
    giveUp: context.giveUp,
    isOutage: () => outage() !== undefined,
  });

  function open(): Carriage {
    return openCarriage(redisUrl, context, { carry, onReady, onFull: room.out });
  }
  function onReady(): void {
    again();
    void eviction?.look();
  }
  function outage(): string | undefined {
    if (!carriage.isReady()) return "Redis is not reachable";
    return room.isOut() ? "Redis is full" : undefined;
  }
  function rebuild(): void {
    database.renew();
    void carriage.close(Promise.resolve());
    carriage = open();
  }
  function carry(ids: string[]): Promise<void> {
    if (isStopping) return unring(db, ids); // on its way when the carrier was told to take no more
    const carried = claimAndStart(ids).finally(() => carrying.delete(carried));
    carrying.add(carried);
    return carried;
  }
  /** Until there is room for as many again. */
  async function claimAndStart(ids: string[]): Promise<void> {
    const jobs = ids.length > 1 ? await claimThese(db, ids, context.leaseMs) : [];
    for (const job of jobs) start(run(job));
    for (const id of ids.filter((id) => jobs.every((job) => job.id !== id))) start(claimAndRun(id));
    while (running.size > SLOTS - MOST_CARRIED) await Promise.race(running);
  }
  function start(work: Promise<void>): void {
    const ended = work.catch(() => {}).finally(() => running.delete(ended)); // what was not claimed is rung again
    running.add(ended);
  }
  async function claimAndRun(id: string): Promise<void> {
    const job = await claimOne(db, id, context.leaseMs);
    if (job) await run(job);
    else again();
  }
  async function run(job: ClaimedJob): Promise<void> {
    await runJob({ ...context, stopping: hurry.signal }, job);
    watchdog.moved();
    if (job.lane && gapMs(job.lane) === 0)
      again(); // the next of its lane is due
    else lookSoon();
  }

  /** For the next of paced lanes, and the rest of a backlog: one look serves all jobs that have just ended. */
  function lookSoon(): void {
    if (willLook) return;
    willLook = true;
    setTimeout(() => {
      willLook = false;
      again();
    }, restMs).unref();
  }

  /** Asked after a full batch only: a backlog begins with one, and the others need not wait for Redis twice. */
  async function isFull(): Promise<boolean> {
    if (!isBacklog) return false;
    const waiting = await carriage.countWaiting();
    isBacklog = waiting > 0;
    return waiting >= ENOUGH;
  }

  /** Answers in how many milliseconds there may be more. */
  async function sendDue(): Promise<number | undefined> {
    const began = performance.now();
    const { ids, nextMs } = await ringDue(db, BATCH);
    // Not all processes at once: the first takes what is due, and the others would walk for nothing.
    const tookMs = performance.now() - began;
    restMs = Math.min(Math.max(LOOK_MS, REST * tookMs) * (0.5 + Math.random()), LONGEST_REST_MS);
    if (ids.length > 0) {
      await faultPoint("relay.before-add");
      if (!(await room.send(carriage, ids))) {
        await unring(db, ids);
        return ROOM_LOOK_MS;
      }
      await faultPoint("relay.after-add");
    }
    isBacklog ||= ids.length === BATCH;
    return ids.length === BATCH ? 0 : nextMs && Math.max(nextMs, restMs);
  }

  const bell = await startBell(database, log, {
    hurry,
    watchdog,
    async onRing(ring) {
      again = ring;
      if (!carriage.isReady()) return undefined; // "ready" rings
      if (!(await room.isThere(carriage))) return ROOM_LOOK_MS;
      if (await isFull()) return undefined; // each job that ends rings
      return sendDue();
    },
    async onStop() {
      eviction?.[Symbol.dispose]();
      isStopping = true;
      const claimed = Promise.allSettled(carrying);
      await carriage.close(claimed.then(() => Promise.allSettled(running)));
    },
  });
  return Object.assign(bell, { outage });
}

import { setTimeout as sleep } from "node:timers/promises";
import { Worker as BullWorker, Queue } from "bullmq";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Database } from "#db/connect.ts";
import { faultPoint } from "#fault-points.ts";
import { startBell } from "./bell.ts";
import { claimOne, dueInMs, ringDue } from "./claims.ts";
import { runJob, type WorkerContext } from "./run.ts";
import type { Worker } from "./worker-embedded.ts";

const QUEUE = "deskline-jobs";
const SLOTS = 10;
const BATCH = 200;
const ENOUGH = 1000; // rung every 5 s, a backlog of 100,000 would pile up in Redis without end
const SOCKET_TIMEOUT_MS = 15_000; // a half-open link: resumed after 17 s, without it never
const PATIENCE_MS = 2000; // a ring, or a goodbye, that Redis does not answer is not worth a late stop

/** BullMQ only carries ids between processes. Postgres keeps the jobs, their retries and their ends. */
export async function startBullmqWorker(
  database: Database,
  redisUrl: string,
  context: WorkerContext,
): Promise<Worker> {
  const { db, log } = context;
  const ringing = connectRedis(redisUrl, { enableOfflineQueue: false });
  const carrying = connectRedis(redisUrl, { enableOfflineQueue: true });
  const connections = [ringing, carrying];
  tellOutages(ringing, log);
  alsoCopies(carrying, connections);
  const queue = new Queue<{ id: string }>(QUEUE, { connection: ringing });
  const hurry = new AbortController();
  const running = new Set<Promise<void>>();
  let isBacklog = true; // what an earlier life left in Redis
  let again = () => {};
  ringing.on("ready", () => again());

  const carrier = new BullWorker<{ id: string }>(
    QUEUE,
    async ({ data }) => {
      const work = carry(data.id).finally(() => running.delete(work));
      running.add(work);
      await work;
    },
    {
      connection: carrying,
      concurrency: SLOTS,
      // Attempts, stalls and ends are decided in Postgres; BullMQ must never give a job up by itself.
      maxStalledCount: 1_000_000,
      runRetryDelay: 1000, // 15 s by default: so long would it rest after Redis is back
    },
  );
  queue.on("error", () => {}); // said by the connection
  carrier.on("error", () => {});

  async function carry(id: string): Promise<void> {
    const job = await claimOne(db, id, context.leaseMs);
    if (job) await runJob({ ...context, stopping: hurry.signal }, job);
    again(); // the next of its lane may be due
  }

  /** Asked after a full batch only: a backlog begins with one, and the others need not wait for Redis twice. */
  async function isFull(): Promise<boolean> {
    if (!isBacklog) return false;
    const waiting = await soon(queue.getWaitingCount());
    isBacklog = waiting > 0;
    return waiting >= ENOUGH;
  }

  return startBell(database, log, {
    hurry,
    async onRing(ring) {
      again = ring;
      if (ringing.status !== "ready") return undefined; // "ready" rings
      if (await isFull()) return undefined; // each job that ends rings
      const ids = await ringDue(db, BATCH);
      if (ids.length > 0) {
        await faultPoint("relay.before-add");
        await soon(
          queue.addBulk(
            ids.map((id) => ({
              name: "run",
              data: { id },
              opts: { attempts: 1, removeOnComplete: true, removeOnFail: true },
            })),
          ),
        );
        await faultPoint("relay.after-add");
      }
      isBacklog ||= ids.length === BATCH;
      return ids.length === BATCH ? 0 : dueInMs(db, "ring");
    },
    async onStop() {
      const closed = carrier.close();
      await Promise.allSettled(running);
      await soon(closed.then(() => queue.close())).catch(() => {});
      for (const connection of connections) connection.disconnect();
    },
  });
}

function connectRedis(url: string, options: { enableOfflineQueue: boolean }): Redis {
  return new Redis(url, {
    maxRetriesPerRequest: null,
    socketTimeout: SOCKET_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(times * 100, PATIENCE_MS),
    ...options,
  });
}

/** Once for each outage, not for each try. */
function tellOutages(connection: Redis, log: Logger): void {
  let isDown = false;
  connection.on("error", (err) => {
    if (!isDown) log.warn({ err }, "Redis is not reachable; jobs wait in Postgres");
    isDown = true;
  });
  connection.on("ready", () => {
    if (isDown) log.info("Redis is reachable again");
    isDown = false;
  });
}

/** BullMQ waits for jobs on a copy of the connection, which it does not let go while Redis is down. */
function alsoCopies(connection: Redis, connections: Redis[]): void {
  connection.on("error", () => {}); // said once, by the other connection
  const duplicate = connection.duplicate.bind(connection);
  connection.duplicate = (options) => {
    const copy = duplicate(options);
    connections.push(copy);
    return copy;
  };
}

async function soon<T>(answer: Promise<T>): Promise<T> {
  const late = new AbortController();
  const never = sleep(PATIENCE_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error("Redis did not answer in time");
  });
  try {
    return await Promise.race([answer, never]);
  } finally {
    never.catch(() => {});
    late.abort();
  }
}

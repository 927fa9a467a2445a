import { Worker as BullWorker, Queue } from "bullmq";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Database } from "#db/connect.ts";
import { finishSoon, startBell } from "./bell.ts";
import { faultPoint } from "./fault-points.ts";
import { claimOne, dueInMs, mendLanes, ringDue } from "./queue.ts";
import { type JobContext, runJob } from "./run.ts";
import type { Worker } from "./worker-embedded.ts";

const QUEUE = "deskline-jobs";
const SLOTS = 10;
const BATCH = 200;
const SOCKET_TIMEOUT_MS = 15_000; // a half-open link: resumed after 17 s, without it never

/** BullMQ only carries ids between processes. Postgres keeps the jobs, their retries and their ends. */
export async function startBullmqWorker(
  database: Database,
  redisUrl: string,
  context: Omit<JobContext, "stopping">,
): Promise<Worker> {
  const { db, log } = context;
  const ringing = connectRedis(redisUrl, log, { enableOfflineQueue: false });
  const carrying = connectRedis(redisUrl, log, { enableOfflineQueue: true });
  const queue = new Queue<{ id: string }>(QUEUE, { connection: ringing });
  const hurry = new AbortController();
  let again = () => {};

  const carrier = new BullWorker<{ id: string }>(
    QUEUE,
    async ({ data }) => {
      const job = await claimOne(db, data.id);
      if (job) await runJob({ ...context, stopping: hurry.signal }, job);
      again(); // the next of its lane may be due
    },
    // Attempts, stalls and ends are decided in Postgres; BullMQ must never give a job up by itself.
    { connection: carrying, concurrency: SLOTS, maxStalledCount: 1_000_000 },
  );
  queue.on("error", () => {}); // said by the connection
  carrier.on("error", () => {});

  return startBell(database, log, {
    async onRing(ring) {
      again = ring;
      const ids = await ringDue(db, BATCH);
      if (ids.length > 0) {
        await faultPoint("relay.before-add");
        await queue.addBulk(
          ids.map((id) => ({
            name: "run",
            data: { id },
            opts: { attempts: 1, removeOnComplete: true, removeOnFail: true },
          })),
        );
        await faultPoint("relay.after-add");
      }
      return ids.length === BATCH ? 0 : dueInMs(db, "ring");
    },
    onSweep: () => mendLanes(db),
    async onStop() {
      await finishSoon(hurry, carrier.close());
      await queue.close();
      for (const connection of [ringing, carrying]) connection.disconnect();
    },
  });
}

function connectRedis(url: string, log: Logger, options: { enableOfflineQueue: boolean }): Redis {
  const connection = new Redis(url, {
    maxRetriesPerRequest: null,
    socketTimeout: SOCKET_TIMEOUT_MS,
    ...options,
  });
  connection.on("error", (err) =>
    log.warn({ err }, "Redis is not reachable; jobs wait in Postgres"),
  );
  return connection;
}

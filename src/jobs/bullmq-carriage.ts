import { Worker as BullWorker, Queue } from "bullmq";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Metrics } from "#metrics.ts";

const QUEUE = "deskline-jobs";
/** So many ids go together: one by one, Redis and the claims cost more than the jobs. */
export const MOST_CARRIED = 10;
const CARRIERS = 2; // one claims while the other waits for room
const SOCKET_TIMEOUT_MS = 15_000; // a half-open link: resumed after 17 s, without it never
const PATIENCE_MS = 2000; // a ring, or a goodbye, that Redis does not answer is not worth a late stop

/** What carries job ids over Redis, both ends of it. */
export type Carriage = {
  isReady(): boolean;
  /** What Redis has said against REDIS_URL, in its own words: the user, the password or the database. */
  refusal(): string | undefined;
  /** At most so many ids wait in Redis. */
  countWaiting(): Promise<number>;
  send(ids: string[]): Promise<void>;
  /** Whether Redis takes anything; asked with a write that writes nothing. */
  hasRoom(): Promise<boolean>;
  /** The policy by which Redis lets go of what it holds; undefined when it does not say. */
  evictionPolicy(): Promise<string | undefined>;
  /** Takes nothing more, waits for what is under way, and leaves nothing connected. */
  close(underWay: Promise<unknown>): Promise<void>;
};

type Load = { ids: string[] };
type Ends = {
  /** Ids have come; no more come at this end until it resolves. */
  carry(ids: string[]): Promise<void>;
  /** Redis is there, for the first time or again. */
  onReady(): void;
  /** Redis lets nobody take ids, for its memory is full. */
  onFull(): void;
};

/** Opens at once; while Redis is not there nothing moves, and that is said once. */
export function openCarriage(
  url: string,
  { log, metrics }: { log: Logger; metrics: Metrics },
  { carry, onReady, onFull }: Ends,
): Carriage {
  const ringing = connectRedis(url, { enableOfflineQueue: false });
  const carrying = connectRedis(url, { enableOfflineQueue: true });
  const connections = [ringing, carrying];
  const refusal = hearRefusal(ringing);
  tellOutages(ringing, log);
  countOutages(ringing, metrics);
  alsoCopies(carrying, connections);
  ringing.on("ready", onReady);
  const skipVersionCheck = true; // its warning goes to the console; what it warns of, we refuse
  const queue = new Queue<Load>(QUEUE, { connection: ringing, skipVersionCheck });
  const carrier = new BullWorker<Load>(QUEUE, ({ data }) => carry(data.ids), {
    connection: carrying,
    skipVersionCheck,
    concurrency: CARRIERS,
    // Attempts, stalls and ends are decided in Postgres; BullMQ must never give a job up by itself.
    maxStalledCount: 1_000_000,
    runRetryDelay: 1000, // 15 s by default: so long would it rest after Redis is back
  });
  queue.on("error", () => {}); // said by the connection
  carrier.on("error", (err) => {
    if (isFull(err)) onFull();
  });

  return {
    isReady: () => ringing.status === "ready",
    refusal,
    countWaiting: async () => (await soon(queue.getWaitingCount())) * MOST_CARRIED,
    async send(ids) {
      const opts = { attempts: 1, removeOnComplete: true, removeOnFail: true };
      const loads = loadsOf(ids).map((data) => ({ name: "run", data, opts }));
      await soon(queue.addBulk(loads));
    },
    async hasRoom() {
      try {
        await soon(ringing.setrange(QUEUE, 0, ""));
        return true;
      } catch (error) {
        if (isFull(error)) return false;
        throw error;
      }
    },
    async evictionPolicy() {
      const memory = await soon(ringing.info("memory"));
      return /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
    },
    async close(underWay) {
      const closed = carrier.close();
      await underWay;
      await soon(closed.then(() => queue.close())).catch(() => {});
      for (const connection of connections) connection.disconnect();
    },
  };
}

/** Redis took nothing, for it has come to its `maxmemory`. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("OOM ");
}

function loadsOf(ids: string[]): Load[] {
  const count = Math.ceil(ids.length / MOST_CARRIED);
  return Array.from({ length: count }, (_, n) => ({
    ids: ids.slice(n * MOST_CARRIED, (n + 1) * MOST_CARRIED),
  }));
}

function connectRedis(url: string, options: { enableOfflineQueue: boolean }): Redis {
  return new Redis(url, {
    maxRetriesPerRequest: null,
    socketTimeout: SOCKET_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(times * 100, PATIENCE_MS),
    ...options,
  });
}

/** After a refused database the connection counts as ready, and is to another one. */
function hearRefusal(connection: Redis): () => string | undefined {
  let refusal: string | undefined;
  connection.on("error", ({ message }) => {
    if (/^(WRONGPASS|NOAUTH)|DB index/.test(message)) refusal = message;
  });
  return () => refusal;
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

function countOutages(connection: Redis, metrics: Metrics): void {
  metrics.link("redis", false);
  connection.on("ready", () => metrics.link("redis", true));
  connection.on("close", () => metrics.link("redis", false));
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
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("Redis did not answer in time")), PATIENCE_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

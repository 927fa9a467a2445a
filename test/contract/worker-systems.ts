import type { Logger } from "pino";
import { connect, type Database } from "#db/connect.ts";
import type { Handlers } from "#jobs/handlers.ts";
import { startBullmqWorker } from "#jobs/worker-bullmq.ts";
import { startEmbeddedWorker } from "#jobs/worker-embedded.ts";
import { createMetrics } from "#metrics.ts";
import { createEmbeddedDatabase, createTestDatabase } from "../support/database.ts";
import { redisUrl } from "../support/redis.ts";
import type { WorkerSystem } from "./worker.contract.ts";

/** Each worker has its own connections to PostgreSQL, as in a process of its own. */
export async function openOnPostgres(): Promise<WorkerSystem> {
  const database = await createTestDatabase();
  return {
    database,
    startWorker: (handlers, log) =>
      withConnection(database.url, (own) =>
        startEmbeddedWorker(own, {
          db: own.db,
          handlers,
          log,
          metrics: createMetrics(),
          giveUp: () => {},
        }),
      ),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** PGlite has one process, so that its workers share the connection too. */
export async function openOnPGlite(): Promise<WorkerSystem> {
  const database = await createEmbeddedDatabase();
  return {
    database,
    startWorker: (handlers, log) =>
      startEmbeddedWorker(database, {
        db: database.db,
        handlers,
        log,
        metrics: createMetrics(),
        giveUp: () => {},
      }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** Files run at the same time on one Redis, which has 16 databases: each suite names one of its own. */
export async function openOnRedis(redisDatabase: 1 | 2): Promise<WorkerSystem> {
  const database = await createTestDatabase();
  const redis = `${redisUrl()}/${redisDatabase}`;
  return {
    database,
    startWorker: (handlers, log) => startOnRedis(database.url, redis, handlers, log),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

export function startOnRedis(
  url: string,
  redis: string,
  handlers: Handlers,
  log: Logger,
): Promise<AsyncDisposable> {
  return withConnection(url, (own) =>
    startBullmqWorker(own, redis, {
      db: own.db,
      handlers,
      log,
      metrics: createMetrics(),
      giveUp: () => {},
    }),
  );
}

async function withConnection(
  url: string,
  start: (own: Database) => Promise<AsyncDisposable>,
): Promise<AsyncDisposable> {
  const own = await connect({ url });
  const worker = await start(own);
  return {
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await own[Symbol.asyncDispose]();
    },
  };
}

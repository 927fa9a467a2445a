import { rm } from "node:fs/promises";
import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";
import { makeFolder, sweepOrphans } from "./leash.ts";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis-server.ts";

/** A server, or the sentence for the tests that ask for it. */
type Provided<T> = T | { missing: string };

declare module "vitest" {
  export interface ProvidedContext {
    postgres: Provided<{ url: string; run: string }>;
    redis: Provided<{ url: string }>;
    /** A folder that is removed after the run. */
    scratch: string;
  }
}

// Each project loads this file anew; all of them share the servers of the run.
const shared = globalThis as { desklineServers?: Promise<Servers> };

/** Starts PostgreSQL and Redis once per run. A server that cannot start fails the tests that ask for it, no others. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.desklineServers ??= startServers();
  const servers = await shared.desklineServers;
  project.provide("postgres", servers.postgres);
  project.provide("redis", servers.redis);
  project.provide("scratch", servers.scratch);
  return servers.stop;
}

type Servers = ProvidedContext & { stop(): Promise<void> };

async function startServers(): Promise<Servers> {
  await sweepOrphans();
  const started = new AsyncDisposableStack();
  const scratch = await makeFolder();
  started.defer(() => rm(scratch, { recursive: true, force: true }));
  const [postgres, redis] = await Promise.all([
    orSentence(async () => {
      const { url, run } = started.use(await startPostgres());
      return { url, run };
    }),
    orSentence(async () => ({ url: started.use(await startRedis()).url })),
  ]);
  return {
    postgres,
    redis,
    scratch,
    stop: () => {
      // A watcher that starts over needs new ones.
      delete shared.desklineServers;
      return started.disposeAsync();
    },
  };
}

async function orSentence<T>(start: () => Promise<T>): Promise<Provided<T>> {
  try {
    return await start();
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

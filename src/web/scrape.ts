import { readFileSync } from "node:fs";
import { collectDefaultMetrics } from "prom-client";
import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { gaugeIn, type Metrics } from "#metrics.ts";
import { createDatabaseGauges, seeDatabase } from "./database-gauges.ts";

export type Scrape = () => Promise<{ type: string; text: string }>;
/** What this process is, as `deskline_build_info` says. */
type About = { role: string; desk: string };
type Needs = { db: Db; notReady: () => Promise<string | undefined> };

const LOOK_MS = 2000; // Prometheus waits 10 s for the whole page
const FRESH_MS = 1000; // who asks more often gets the same answer, not the database

/** The page for Prometheus. A database that does not answer leaves its part out, and the rest stands. */
export function createScrape(needs: Needs, metrics: Metrics, about: About): Scrape {
  const { registry } = metrics;
  const show = createDatabaseGauges(registry);
  const ready = gaugeIn(registry, "ready", { help: "1 when /readyz says that it can work" });
  showProcess(metrics, about);
  let looking: Promise<void> | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  function look(): Promise<void> {
    looking ??= Promise.all([seeDatabase(needs.db), needs.notReady()])
      .then(([seen, reason]) => {
        show(seen);
        ready.set(reason ? 0 : 1);
      }, showNothing)
      .finally(() => {
        looking = undefined;
        lookedAt = performance.now();
      });
    return looking;
  }
  function showNothing(): void {
    show(undefined);
    ready.set(0);
  }
  return async () => {
    const isOld = performance.now() - lookedAt > FRESH_MS;
    if (isOld && !(await isSoon(look()))) showNothing();
    return { type: registry.contentType, text: await registry.metrics() };
  };
}

/** Memory, event loop, garbage collection, and which build this is. */
function showProcess({ registry }: Metrics, about: About): void {
  collectDefaultMetrics({ register: registry });
  const file = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(file));
  const build = gaugeIn(registry, "build_info", {
    help: "Always 1",
    labels: ["version", "node", "role", "desk"],
  });
  build.set({ version, node: process.version, ...about }, 1);
}

async function isSoon(looked: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), LOOK_MS);
  });
  try {
    return await Promise.race([looked.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { median } from "./load.ts";
import type { Row } from "./rows.ts";
import { startServer } from "./start-server.ts";
import type { World } from "./world.ts";

const run = promisify(execFile);
const ROUNDS = 3;
const SAMPLES = 5;
const TRY = { args: ["--port", "0"], says: "Open http" };

/** What idle processes hold in memory, each started anew in every round. */
export async function benchMemory(world: World): Promise<Row[]> {
  const held = { trial: [], bareTrial: [], worker: [], bareApp: [] } as Record<string, number[]>;
  const folders = { trial: await world.freshFolder(), bareTrial: await world.freshFolder() };
  const worker = {
    ...world.deskline,
    DATABASE_URL: await world.freshDatabase(),
    REDIS_URL: world.redisUrl,
    DESKLINE_ROLE: "worker",
  };
  for (let round = -1; round < (world.quick ? 1 : ROUNDS); round += 1) {
    await using stack = new AsyncDisposableStack();
    const open = async (...asked: Parameters<typeof startServer>) =>
      stack.use(await startServer(...asked)).pid;
    const pids = {
      trial: await open("../src/try.ts", { DESKLINE_DATA: folders.trial }, TRY),
      bareTrial: await open("./servers/bare-trial.ts", {
        ...world.slack,
        DESKLINE_DATA: folders.bareTrial,
      }),
      worker: await open("../src/main.ts", worker),
      bareApp: await open("./servers/bare-bolt.ts", world.slack),
    };
    if (round < 0) continue; // the first makes the folders
    await sleep(world.quick ? 3000 : 12_000);
    for (const [name, pid] of Object.entries(pids)) held[name]?.push(await megabytesOf(pid));
  }
  const { trial = [], bareTrial = [], worker: ofWorker = [], bareApp = [] } = held;
  return [
    {
      what: "memory of an idle `npm run try`; the baseline is a bare Bolt app with a bare PGlite",
      unit: "MB",
      ours: median(trial),
      baseline: median(bareTrial),
      goal: { atMost: 2 },
    },
    {
      what: "memory of an idle worker; the baseline is a bare Bolt app",
      unit: "MB",
      ours: median(ofWorker),
      baseline: median(bareApp),
      goal: { atMost: 2 },
    },
  ];
}

async function megabytesOf(pid: number): Promise<number> {
  const samples: number[] = [];
  for (let n = 0; n < SAMPLES; n += 1) {
    const { stdout } = await run("ps", ["-o", "rss=", "-p", String(pid)]);
    samples.push(Number(stdout) / 1024);
    await sleep(200);
  }
  return median(samples);
}

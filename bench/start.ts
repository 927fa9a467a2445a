import { inTurn, median, quantile } from "./load.ts";
import type { Row } from "./rows.ts";
import { startServer } from "./start-server.ts";
import { startTrial } from "./start-trial.ts";
import type { World } from "./world.ts";

const ROUNDS = 15;

/** A warm `npm run try`, npm included, until its address is printed. */
export async function benchStart(world: World): Promise<Row[]> {
  const trial = await world.freshFolder();
  const bare = await world.freshFolder();
  const times = await inTurn(world.quick ? 2 : ROUNDS, {
    trial: () => timeOf(() => startTrial(trial)),
    bare: () => timeOf(() => startServer("./servers/bare-pglite.ts", { DESKLINE_DATA: bare })),
  });
  return [
    {
      what: "warm `npm run try` to its printed address; the baseline is a warm PGlite",
      unit: "ms",
      ours: median(times.trial),
      p99: quantile(times.trial, 0.99),
      baseline: median(times.bare),
      goal: { atMost: 4 },
    },
  ];
}

async function timeOf(start: () => Promise<AsyncDisposable>): Promise<number> {
  const began = performance.now();
  await using _started = await start();
  return performance.now() - began;
}

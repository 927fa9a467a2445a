import { setTimeout as sleep } from "node:timers/promises";
import type { FaultPoint } from "#fault-points.ts";
import type { Kind } from "./kinds/kind.ts";
import {
  type Blow,
  hasBrokenDown,
  isRecovered,
  type Struck,
  strikeOften,
  tellBlows,
} from "./kinds/recovery.ts";
import type { KeptRunning } from "./processes/kept-running.ts";
import { LEASE_MS, type World } from "./world/world.ts";

const POINTS = [
  "once.before-send", // it has looked, and goes on to send
  "edit.before-send",
  "once.after-send",
  "job.after-claim",
  "job.before-finish",
] as const satisfies FaultPoint[];
const SLEEP_MS = LEASE_MS + 4000; // another worker has taken over, and is done
const STRIKE_MS = 60_000;

/** A worker stands still past its lease, another takes over, and the first goes on where it stood. */
export const stop: Kind = {
  modes: ["embedded", "bullmq"],
  count: 300,
  async begin(_stack, { count, random, patienceMs, point }) {
    const points = POINTS.filter((one) => point === undefined || one === point);
    let blows: Blow[] = [];

    return {
      plan: { isPaced: false, workers: 2 },
      async strike(town) {
        blows = await strikeOften(town, count, (nth) => {
          const worker = random.pick(town.world.apps.filter(isWorker));
          return standStill(town.world, worker, points[nth] ?? random.pick(points));
        });
      },
      judge({ apps }, { claim }) {
        const slow = blows.filter((one) => !isRecovered(one, SLEEP_MS + LEASE_MS + patienceMs));
        claim(slow.length === 0, "work did not go on beside a worker that stood still", ...slow);
        const dead = apps.filter(hasBrokenDown);
        claim(dead.length === 0, "a process ended by itself", ...dead.map(({ name }) => name));
        return tellBlows(blows);
      },
    };
  },
};

/** One of them, so that another can take over. */
async function standStill(
  world: World,
  worker: KeptRunning,
  point: FaultPoint,
): Promise<string | Struck> {
  const before = world.strikes.entries.length;
  worker.arm([{ point, nth: 1, action: "stop" }]);
  const struck = await world.strikes.until(
    () => world.strikes.entries.slice(before).find(({ action }) => action === "stop"),
    STRIKE_MS,
  );
  worker.arm([]);
  if (!struck) return `${point} never`;
  await sleep(SLEEP_MS);
  worker.signal("SIGCONT");
  return { what: point, at: struck.at };
}

function isWorker({ name }: KeptRunning): boolean {
  return name.startsWith("worker");
}

import { setTimeout as sleep } from "node:timers/promises";
import { notThere } from "../checks/check-client.ts";
import { isAllDone } from "../checks/check-world.ts";
import type { Came } from "../people/patience.ts";
import type { Town } from "../people/town.ts";
import type { Op } from "../world/history.ts";
import type { World } from "../world/world.ts";

/** Longer than any lease, lane or pause; whatever is not there by then is lost, or very late. */
const SETTLE_MS = 60_000;
const LOOK_MS = 500;
const IDLE_LOOKS = 8;

/** A deed that was done, and how one sees that all that should come of it is there. */
export type Done = { op: Op; isThere?: () => boolean };

type Doing = Pick<Op, "deed" | "by" | "token" | "at"> & Partial<Op>;

export function doneAs(doing: Doing, came: Came & { tries?: number }): Op {
  return { tries: 1, ...doing, until: Date.now(), ...came };
}

/** Waits until all that should come of it is there, and writes it down. */
export async function carryOut(town: Town, done: Promise<Done>): Promise<Op> {
  const { op, isThere } = await done;
  const { world } = town;
  const { slack, history, plan } = world;
  if (isThere && op.outcome === "ok") {
    const settled = slack.until(isThere, plan.settleMs ?? SETTLE_MS);
    op.isSettled = (await (isSearch(world, op) ? orNever(world, settled) : settled)) === true;
    if (!op.isSettled && isSearch(world, op)) {
      plan.alarm?.ring(plan.name, { what: notThere(op), shown: [op] });
    }
  }
  return history.record(op);
}

/** What Slack delivers as an event may come again much later, when nothing is under way. */
function isSearch({ plan }: World, { deed }: Op): boolean {
  return plan.alarm !== undefined && deed !== "say" && deed !== "home";
}

/** In a search: when nothing is under way any more, nothing will come. Inside the app nobody can look. */
async function orNever<T>(world: World, settled: Promise<T>): Promise<T | undefined> {
  if (world.plan.mode === "pglite") return settled;
  const over = new AbortController();
  try {
    return await Promise.race([settled, untilIdle(world, over.signal)]);
  } finally {
    over.abort();
  }
}

async function untilIdle(world: World, over: AbortSignal): Promise<undefined> {
  for (let looks = 0; looks < IDLE_LOOKS && !over.aborted; ) {
    await sleep(LOOK_MS);
    const isIdle = await world.withDatabase(isAllDone).catch(() => false); // it may be what is away
    looks = isIdle ? looks + 1 : 0;
  }
}

import type { Came } from "../people/patience.ts";
import type { Town } from "../people/town.ts";
import type { Op } from "../world/history.ts";

/** Longer than any lease, lane or pause; whatever is not there by then is lost, or very late. */
const SETTLE_MS = 60_000;

/** A deed that was done, and how one sees that all that should come of it is there. */
export type Done = { op: Op; isThere?: () => boolean };

type Doing = Pick<Op, "deed" | "by" | "token" | "at"> & Partial<Op>;

export function doneAs(doing: Doing, came: Came & { tries?: number }): Op {
  return { tries: 1, ...doing, until: Date.now(), ...came };
}

/** Waits until all that should come of it is there, and writes it down. */
export async function carryOut(town: Town, done: Promise<Done>): Promise<Op> {
  const { op, isThere } = await done;
  const { slack, history, plan } = town.world;
  if (isThere && op.outcome === "ok") {
    op.isSettled = (await slack.until(isThere, plan.settleMs ?? SETTLE_MS)) === true;
  }
  return history.record(op);
}

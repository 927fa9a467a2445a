import { FAULT_POINTS, type FaultPoint } from "#fault-points.ts";
import type { Order } from "../processes/orders.ts";
import type { Random } from "../world/random.ts";
import type { Mode } from "../world/world.ts";

/** How often one deed or two lead past a point, by its beginning; the hit that kills is drawn up to it. */
const HITS: [start: string, most: number][] = [
  ["job.", 8],
  ["once.", 6],
  ["relay.", 6],
  ["edit.", 4],
  ["slack.", 2],
  ["desk.", 2],
];

/** The points that a mode has: only BullMQ's worker relays. */
/** The worlds of a mode: those whose lanes keep Slack's pace, and one without, where much may wait. */
export function pointsOf(mode: Mode, only?: string): FaultPoint[] {
  return FAULT_POINTS.filter((point) => mode === "bullmq" || !point.startsWith("relay.")).filter(
    (point) => only === undefined || point === only,
  );
}

/** The orders of one kill. A look-up comes only after an answer that got lost. */
export function killAt(point: FaultPoint, random: Random): Order[] {
  const most = HITS.find(([start]) => point.startsWith(start))?.[1] ?? 1;
  const nth = random.int(1, most);
  if (point !== "once.before-look-up") return [{ point, nth, action: "kill" }];
  return [
    { point: "once.after-send", nth, action: "throw" },
    { point, nth: 1, action: "kill" },
  ];
}

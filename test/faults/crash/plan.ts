import { FAULT_POINTS, type FaultPoint } from "#fault-points.ts";
import type { Order } from "../processes/orders.ts";
import type { Random } from "../world/random.ts";
import type { Mode } from "../world/world.ts";

/** How often one deed or two lead past a point, by its beginning; the hit that strikes is drawn up to it. */
const HITS: [start: string, most: number][] = [
  ["job.", 8],
  ["once.", 6],
  ["relay.", 6],
  ["edit.", 4],
  ["slack.", 2],
  ["desk.", 2],
  ["web.", 8],
  ["upload.", 2],
];

/** Where a process that is told to stop is in the middle of a call that takes longer than a stop may: it must hand back. */
const LONG_CALLS: readonly FaultPoint[] = [
  "once.before-send",
  "once.after-send",
  "edit.before-send",
  "permalink.after-send",
];
const LONG_MS = 60_000;

/** The points that a mode has: only BullMQ's worker relays. */
export function pointsOf(mode: Mode, only?: string): FaultPoint[] {
  return FAULT_POINTS.filter((point) => mode === "bullmq" || !point.startsWith("relay.")).filter(
    (point) => only === undefined || point === only,
  );
}

/** Only where the desk takes no files are they uploaded to Slack, and deleted there. */
export function isAboutUploads(point: FaultPoint): boolean {
  return point.startsWith("upload.") || point.startsWith("delete-file.");
}

/** The orders of one kill. */
export function killAt(point: FaultPoint, random: Random): Order[] {
  return ordersAt(point, random, { action: "kill" });
}

/** The orders by which a process tells itself to stop. */
export function stopAt(point: FaultPoint, random: Random): Order[] {
  const isLong = LONG_CALLS.includes(point);
  return ordersAt(point, random, { action: "term", ...(isLong && { ms: LONG_MS }) });
}

/** A look-up comes only after an answer that got lost. */
function ordersAt(
  point: FaultPoint,
  random: Random,
  strike: Pick<Order, "action" | "ms">,
): Order[] {
  const most = HITS.find(([start]) => point.startsWith(start))?.[1] ?? 1;
  const nth = random.int(1, most);
  if (point !== "once.before-look-up") return [{ point, nth, ...strike }];
  return [
    { point: "once.after-send", nth, action: "throw" },
    { point, nth: 1, ...strike },
  ];
}

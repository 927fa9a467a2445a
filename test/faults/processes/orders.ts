import { z } from "zod";
import { FAULT_POINTS, MOVE_FAULT_POINTS } from "#fault-points.ts";

const Point = z.enum([...FAULT_POINTS, ...MOVE_FAULT_POINTS]);

/** What a process shall do at the n-th time it comes by a fault point from now on. */
export const Order = z.object({
  point: Point,
  nth: z.number().int().min(1),
  /** `term`: told to stop, by itself, and it goes on from there. */
  action: z.enum(["kill", "term", "stop", "throw", "delay"]),
  /** For a delay; for a process that is told to stop in the middle of something long. */
  ms: z.number().optional(),
});
export type Order = z.output<typeof Order>;

/** How a process of the suites is told where to say that an order struck. */
export const ARMED = "DESKLINE_FAULTS";
export const Armed = z.object({ strikes: z.string(), name: z.string() });
export const Orders = z.object({ orders: z.array(Order) });

/** One line of the log of strikes, on the disk before the blow. */
export const Strike = z.object({
  at: z.number(),
  name: z.string(),
  point: Point,
  action: Order.shape.action,
});
export type Strike = z.output<typeof Strike>;

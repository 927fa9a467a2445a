import { type FaultPoint, onFaultPoint } from "#fault-points.ts";

/** The worker fails so often at this place, and goes on. Answers how often it did. */
export function failAt(point: FaultPoint, times = 1): () => number {
  let struck = 0;
  onFaultPoint(async (at) => {
    if (at !== point || struck === times) return;
    struck += 1;
    throw new Error("the worker failed here");
  });
  return () => struck;
}

/** Places where a process may die. No-ops unless a test switches one on; the crash sweep must hit every one. */
export const FAULT_POINTS = [
  "intake.before-commit",
  "intake.after-commit",
  "once.before-send",
  "once.after-send",
  "job.before-finish",
  "relay.before-add",
  "relay.after-add",
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

let strike: ((point: FaultPoint) => Promise<void>) | undefined;

export async function faultPoint(point: FaultPoint): Promise<void> {
  if (strike) await strike(point);
}

/** For tests only: called at every fault point from now on. */
export function onFaultPoint(action: typeof strike): void {
  strike = action;
}

const LONGEST_S = 60;
const LONGEST_TOLD_MS = 24 * 3_600_000; // whoever says "in a year" is asked again tomorrow

/** 1, 2, 4 … 60 seconds, each between half and all of it, so that many do not come back at once. */
export function backoffMs(attempt: number, chance = Math.random()): number {
  const ceiling = Math.min(2 ** (attempt - 1), LONGEST_S) * 1000;
  return ceiling / 2 + chance * (ceiling / 2);
}

/** The wait that we were told, if it is one. */
export function toldMs(afterMs: number | undefined): number | undefined {
  if (afterMs === undefined || !(afterMs >= 0)) return undefined;
  return Math.min(afterMs, LONGEST_TOLD_MS);
}

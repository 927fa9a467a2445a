import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs, toldMs } from "#jobs/backoff.ts";

describe("the wait before the next attempt", () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [6, 32_000],
    [7, 60_000],
    [8, 60_000],
    [5000, 60_000],
  ])("after attempt %i is at most %i ms and at least half of it", (attempt, ceiling) => {
    expect(backoffMs(attempt, 0)).toBe(ceiling / 2);
    expect(backoffMs(attempt, 1)).toBe(ceiling);
  });

  it("differs between many that failed together", () => {
    const waits = Array.from({ length: 100 }, () => backoffMs(7));

    expect(new Set(waits).size).toBeGreaterThan(90);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(15_000);
  });

  it("is what we were told, when that is a wait", () => {
    expect(toldMs(1500)).toBe(1500);
    expect(toldMs(0)).toBe(0);
    expect(toldMs(366 * 86_400_000)).toBe(86_400_000);
    expect([undefined, Number.NaN, -1].map(toldMs)).toEqual([undefined, undefined, undefined]);
  });

  it("is never negative, endless or longer than a day, whatever came in a header", () => {
    fc.assert(
      fc.property(fc.double(), (afterMs) => {
        const wait = toldMs(afterMs) ?? 0;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(86_400_000);
      }),
    );
  });
});

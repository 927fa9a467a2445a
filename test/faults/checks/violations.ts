/** What must not be, in words, with the lines that show it. */
export type Violation = { what: string; shown: unknown[] };

/** Collects what is wrong. */
export type Finding = {
  violations: Violation[];
  /** Wrong unless the claim holds. */
  claim(holds: boolean, what: string, ...shown: unknown[]): void;
  /** As often as it must be. */
  claimCount(list: readonly unknown[], count: number, what: string, ...shown: unknown[]): void;
};

export function startFinding(): Finding {
  const violations: Violation[] = [];
  const claim: Finding["claim"] = (holds, what, ...shown) => {
    if (!holds) violations.push({ what, shown });
  };
  return {
    violations,
    claim,
    claimCount: (list, count, what, ...shown) =>
      claim(
        list.length === count,
        `${what}: ${list.length} instead of ${count}`,
        ...list,
        ...shown,
      ),
  };
}

const LINES = 6;
const WIDTH = 400;

export function tellViolation(world: string, { what, shown }: Violation): string {
  const lines = shown.slice(0, LINES).map((each) => `    ${JSON.stringify(each)}`.slice(0, WIDTH));
  return [`FAIL  violation: ${world}: ${what}`, ...lines].join("\n");
}

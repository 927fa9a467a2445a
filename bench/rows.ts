/** One line of the results. `goal` holds the ratio to the baseline; where there is none, the number itself. */
export type Row = {
  what: string;
  unit: "ms" | "s" | "MB" | "/s" | "";
  ours: number;
  /** Milliseconds of one of them. */
  p99?: number;
  baseline?: number;
  /** Absent: told, and held to nothing. */
  goal?: Goal;
};
type Goal = { atMost: number } | { atLeast: number };

/** `tolerance`: how many times worse than its goal a row may be. */
export function isMet(row: Row, tolerance = 1): boolean {
  const { goal } = row;
  if (!goal) return true;
  const held = heldNumber(row);
  return "atMost" in goal ? held <= goal.atMost * tolerance : held >= goal.atLeast / tolerance;
}

export function drawTable(rows: Row[]): string {
  return [
    "| what | median | p99 | baseline | ratio | goal | |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${cells(row).join(" | ")} |`),
  ].join("\n");
}

function cells(row: Row): string[] {
  const { what, unit, ours, p99, baseline, goal } = row;
  const mark = baseline === undefined ? "" : " ×";
  return [
    what,
    amount(ours, unit),
    p99 === undefined ? "" : amount(p99, "ms"),
    baseline === undefined ? "" : amount(baseline, unit),
    baseline === undefined ? "" : `${heldNumber(row).toFixed(2)} ×`,
    goal ? `${"atMost" in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`}${mark}` : "",
    goal ? (isMet(row) ? "met" : "missed") : "",
  ];
}

function heldNumber({ ours, baseline }: Row): number {
  return baseline === undefined ? ours : ours / baseline;
}

function amount(value: number, unit: Row["unit"]): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : 2;
  return `${value.toFixed(digits)}${unit === "/s" ? "/s" : ` ${unit}`}`.trim();
}

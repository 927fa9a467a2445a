import { describe, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import {
  type Facts,
  highestPriority,
  isSupported,
  PRIORITIES,
  WHAT,
  WHO,
  WORKAROUND,
} from "#tickets/priority.ts";

// Who (all, many, some) × workaround (none, limited, yes), from the table of the priority contract.
const CONTRACT = {
  "nothing-works": "urgent normal normal  high normal normal  normal normal normal",
  "essential-function": "high normal normal  high normal normal  normal normal normal",
  function: "normal normal normal  normal normal normal  normal normal normal",
  "minor-bug": "low low low  low low low  low low low",
  question: "low low low  low low low  low low low",
} as const;
const NOT_ABOVE: Record<string, string[]> = {
  urgent: ["urgent", "high", "normal", "low"],
  high: ["high", "normal", "low"],
  normal: ["normal", "low"],
  low: ["low"],
};

const cases: [name: string, facts: Facts, most: string][] = WHAT.flatMap((what) => {
  const row = CONTRACT[what].split(/\s+/);
  return WHO.flatMap((who, w) =>
    WORKAROUND.map((workaround, k): [string, Facts, string] => [
      `${what}, ${who}, workaround ${workaround}`,
      { what, who, workaround },
      row[w * 3 + k] ?? "",
    ]),
  );
});

describe("the priority contract", () => {
  it("has a row for every combination of facts", () => {
    expect(cases).toHaveLength(45);
    expect(cases.every(([, , most]) => most in NOT_ABOVE)).toBe(true);
  });

  it.each(cases)("%s", (_name, facts, most) => {
    expect(highestPriority(facts)).toBe(most);
    expect(PRIORITIES.filter((asked) => isSupported(asked, facts))).toEqual(NOT_ABOVE[most]);
  });

  it("refuses with the rule and the two ways out", () => {
    expect(textsOf("ja").priorityTooHigh("urgent", "high")).toBe(
      "「緊急」は、全員がまったく使えず、回避策もないときの優先度です。いまの内容では「高」までです。優先度を「高」にするか、影響の内容を直してください。",
    );
    expect(textsOf("en").priorityTooHigh("urgent", "high")).toBe(
      "Urgent means that nothing works for anyone and there is no workaround. Your answers support High at most. Choose High, or correct the answers.",
    );
  });
});

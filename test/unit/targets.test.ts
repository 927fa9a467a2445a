import { describe, expect, it } from "vitest";
import { parsePolicy } from "#accounts/policy-yaml.ts";
import { textsOf } from "#text/texts.ts";
import { deadlineOf, type Waiting, worked } from "#tickets/targets.ts";

const YAML = `
targets:
  hours: { time_zone: Asia/Tokyo, mon: "09:00-18:00", tue: "09:00-18:00", holidays: ["2026-11-24"] }
  around_the_clock: [urgent]
  first_answer: { paid: { urgent: 20, normal: 60 } }
  next_answer: { paid: { normal: 120 } }
  warn_minutes: 30
`;
const MONDAY = new Date("2026-11-16T17:30+09:00");
const waiting: Waiting = { priority: "normal", plan: "paid", since: MONDAY, isFirst: true };

describe("the deadline of an answer", () => {
  it.each([
    ["a first answer, over the night", {}, "2026-11-17T09:30+09:00"],
    ["the next answer has its own", { isFirst: false }, "2026-11-17T10:30+09:00"],
    ["around the clock", { priority: "urgent" }, "2026-11-16T17:50+09:00"],
    [
      "over a holiday and a week-end",
      { since: new Date("2026-11-23T17:30+09:00") },
      "2026-11-30T09:30+09:00",
    ],
  ] as const)("%s", (_what, more, dueAt) => {
    expect(deadlineOf(policy(), { ...waiting, ...more })?.dueAt).toEqual(new Date(dueAt));
  });

  it.each([
    ["a priority without a target", { priority: "low" }],
    ["a plan without targets", { plan: "free" }],
    ["the next answer to an urgent one", { priority: "urgent", isFirst: false }],
  ] as const)("%s has none", (_what, more) => {
    expect(deadlineOf(policy(), { ...waiting, ...more })).toBeUndefined();
    expect(deadlineOf({ targets: undefined }, waiting)).toBeUndefined();
  });

  it("is warned of before, and never before the wait began", () => {
    expect(deadlineOf(policy(), waiting)?.warnAt).toEqual(new Date("2026-11-17T09:00+09:00"));
    const urgent = { ...waiting, priority: "urgent" } as const;
    expect(deadlineOf(policy(), urgent)?.warnAt).toEqual(MONDAY);
  });

  it("counts what was worked in the same hours", () => {
    const until = new Date("2026-11-17T09:30+09:00");
    expect(worked(policy(), "normal", MONDAY, until)).toBe(60);
    expect(worked(policy(), "urgent", MONDAY, until)).toBe(16 * 60);
  });
});

describe("the targets of a policy", () => {
  it.each([
    ["hours: { time_zone: Asia/Tokio }", "Must be a time zone"],
    ['hours: { time_zone: Asia/Tokyo, mon: "9-18" }', 'Must look like "09:00-18:00".'],
    ['hours: { time_zone: Asia/Tokyo, mon: "18:00-09:00" }', "Must end after it begins."],
    ['hours: { time_zone: Asia/Tokyo, holidays: ["29.12.2026"] }', "Must look like 2026-12-29."],
    [
      "hours: { time_zone: Asia/Tokyo }\n  first_answer: { paid: { soon: 5 } }",
      '"soon" is nothing that can be set here.',
    ],
    [
      "hours: { time_zone: Asia/Tokyo }\n  next_answer: { paid: { low: 0 } }",
      "Must be at least 1.",
    ],
  ])("are refused in words: %s", (line, fault) => {
    const parsed = parsePolicy(`targets:\n  ${line}\n`);
    expect("faults" in parsed && parsed.faults.map(({ message }) => message)).toEqual([
      expect.stringContaining(fault),
    ]);
  });
});

describe("how long something takes, in words", () => {
  it.each([
    [0, "1分", "1 minute"],
    [22.4, "22分", "22 minutes"],
    [60, "1時間", "1 hour"],
    [100, "1時間40分", "1 h 40"],
    [26 * 60, "26時間", "26 hours"],
    [72 * 60, "3日", "3 days"],
  ])("%d minutes", (minutes, ja, en) => {
    expect([textsOf("ja").duration(minutes), textsOf("en").duration(minutes)]).toEqual([ja, en]);
  });
});

function policy() {
  const parsed = parsePolicy(YAML);
  if ("faults" in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.policy;
}

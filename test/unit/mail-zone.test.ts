import { describe, expect, it } from "vitest";
import { parsePolicy } from "#accounts/policy-yaml.ts";
import { textsOf } from "#text/texts.ts";
import { mailZone } from "#tickets/mail-views.ts";

const plain = policyOf("{}");
const withHours = policyOf(`
targets:
  hours: { time_zone: Europe/Berlin, mon: "09:00-17:00" }
  first_answer: { paid: { urgent: 30, high: 120, normal: 480, low: 960 } }
  next_answer: { paid: { urgent: 60, high: 240, normal: 960 } }`);

describe("a moment in a mail", () => {
  it.each([
    ["ja", plain, "2026年11月30日 08:39（JST）"],
    ["ja", withHours, "2026年11月30日 08:39（JST）"],
    ["en", plain, "29 November 2026, 23:39 (UTC)"],
    ["en", withHours, "30 November 2026, 00:39 (GMT+1)"],
  ] as const)("is in a time zone that fits a reader of %s", (language, policy, words) => {
    const at = new Date("2026-11-29T23:39:00Z");

    expect(textsOf(language).moment(at, mailZone(language, policy))).toBe(words);
  });
});

function policyOf(text: string) {
  const read = parsePolicy(text);
  if ("faults" in read) throw new Error(JSON.stringify(read.faults));
  return read.policy;
}

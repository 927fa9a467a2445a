import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterWork, type BusinessHours, workBetween } from "#tickets/business-time.ts";

const TOKYO: BusinessHours = {
  time_zone: "Asia/Tokyo",
  week: {
    ...{ mon: "09:00-18:00", tue: "09:00-18:00", wed: "09:00-18:00" },
    ...{ thu: "09:00-18:00", fri: "09:00-17:00" },
  },
  holidays: ["2026-11-23"],
};
const ALL_DAY = { mon: "00:00-24:00", tue: "00:00-24:00", wed: "00:00-24:00", thu: "00:00-24:00" };
const BERLIN: BusinessHours = {
  time_zone: "Europe/Berlin",
  week: { ...ALL_DAY, fri: "00:00-24:00", sat: "00:00-24:00", sun: "00:00-24:00" },
  holidays: [],
};

describe("the moment after so much work", () => {
  it.each([
    ["within a day", "2026-11-25T10:00+09:00", 60, "2026-11-25T11:00+09:00"],
    ["to the very end of a day", "2026-11-25T17:00+09:00", 60, "2026-11-25T18:00+09:00"],
    ["over a night", "2026-11-25T17:30+09:00", 60, "2026-11-26T09:30+09:00"],
    ["from before work", "2026-11-25T05:00+09:00", 30, "2026-11-25T09:30+09:00"],
    ["from after work", "2026-11-25T20:00+09:00", 30, "2026-11-26T09:30+09:00"],
    ["over a week-end and a holiday", "2026-11-20T16:30+09:00", 60, "2026-11-24T09:30+09:00"],
    ["for two days", "2026-11-24T09:00+09:00", 2 * 9 * 60, "2026-11-25T18:00+09:00"],
  ])("%s", (_what, since, minutes, due) => {
    expect(afterWork(new Date(since), minutes, TOKYO)).toEqual(new Date(due));
  });

  it.each([
    // The night of 2026-03-29 has no hour from two to three, that of 2026-10-25 has it twice.
    ["a day of 23 hours", "2026-03-29T00:00+01:00", 23 * 60, "2026-03-30T00:00+02:00"],
    ["a day of 25 hours", "2026-10-25T00:00+02:00", 25 * 60, "2026-10-26T00:00+01:00"],
  ])("knows %s", (_what, since, minutes, due) => {
    expect(afterWork(new Date(since), minutes, BERLIN)).toEqual(new Date(due));
  });

  it("keeps the hours of the clock on the wall in summer and winter", () => {
    const hours = { ...BERLIN, week: { mon: "09:00-17:00" } };
    const due = (since: string) => afterWork(new Date(since), 30, hours)?.toISOString();

    expect(due("2026-03-27T12:00Z")).toBe("2026-03-30T07:30:00.000Z");
    expect(due("2026-03-20T12:00Z")).toBe("2026-03-23T08:30:00.000Z");
  });

  it("is around the clock without hours, and never where nobody ever works", () => {
    const since = new Date("2026-11-21T10:00Z");
    expect(afterWork(since, 90, undefined)).toEqual(new Date("2026-11-21T11:30Z"));
    expect(afterWork(since, 90, { ...TOKYO, week: {} })).toBeUndefined();
  });
});

describe("the work between two moments", () => {
  it("is what the moment after it was made of", () => {
    const moment = fc.date({
      min: new Date("2026-01-01"),
      max: new Date("2027-12-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 20_000 }), (since, minutes) => {
        for (const hours of [TOKYO, BERLIN]) {
          const due = afterWork(since, minutes, hours);
          expect(workBetween(since, due ?? since, hours)).toBeCloseTo(minutes, 5);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("is none on a free day, and none backwards", () => {
    const [saturday, sunday] = [
      new Date("2026-11-21T09:00+09:00"),
      new Date("2026-11-22T09:00+09:00"),
    ];
    expect(workBetween(saturday, sunday, TOKYO)).toBe(0);
    expect(workBetween(sunday, saturday, undefined)).toBe(0);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";

// Zones without summer time from 2020 on, in minutes from UTC.
const ZONES = {
  "Asia/Tokyo": 540,
  "Asia/Kolkata": 330,
  "Asia/Kathmandu": 345,
  UTC: 0,
  "America/Phoenix": -420,
  "Pacific/Honolulu": -600,
  "Asia/Dubai": 240,
  "Africa/Lagos": 60,
  "Pacific/Kiritimati": 840,
  "Asia/Singapore": 480,
};
const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

describe("a moment", () => {
  it.each(Object.entries(ZONES))(
    "is the clock on the wall of %s, with its zone",
    (zone, minutes) => {
      const from2020 = fc.date({
        min: new Date("2020-01-01T00:00:00Z"),
        max: new Date("2035-12-31T00:00:00Z"),
        noInvalidDate: true,
      });
      fc.assert(
        fc.property(from2020, (at) => {
          const wall = new Date(at.getTime() + minutes * 60_000);
          const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()];
          const clock = wall.toISOString().slice(11, 16);

          expect(textsOf("ja").moment(at, zone)).toMatch(
            new RegExp(`^${year}年${month + 1}月${day}日 ${clock}(\\S+)$`),
          );
          expect(textsOf("en").moment(at, zone)).toMatch(
            new RegExp(`^${day} ${MONTHS[month]} ${year}, ${clock} \\(\\S+\\)$`),
          );
        }),
      );
    },
  );

  it("is written as agreed", () => {
    const at = new Date("2027-01-15T09:00:00Z");

    expect(textsOf("ja").moment(at, "Asia/Tokyo")).toBe("2027年1月15日 18:00（JST）");
    expect(textsOf("en").moment(at, "Asia/Tokyo")).toBe("15 January 2027, 18:00 (JST)");
  });

  it("is short in a column, with the year in place of the clock when that is another", () => {
    const at = new Date("2027-01-15T09:00:00Z");
    const seen = (now: string) => ({ timeZone: "Asia/Tokyo", now: new Date(now) });

    expect(textsOf("ja").shortMoment(at, seen("2027-12-31T14:59:00Z"))).toBe("1/15 18:00");
    expect(textsOf("en").shortMoment(at, seen("2027-12-31T14:59:00Z"))).toBe("15 Jan 18:00");
    expect(textsOf("ja").shortMoment(at, seen("2027-12-31T15:00:00Z"))).toBe("2027/1/15");
    expect(textsOf("en").shortMoment(at, seen("2027-12-31T15:00:00Z"))).toBe("15 Jan 2027");
  });

  it("follows summer time", () => {
    const en = textsOf("en");

    expect(en.moment(new Date("2027-07-01T00:00:00Z"), "Europe/London")).toMatch(/, 01:00 /);
    expect(en.moment(new Date("2027-01-01T00:00:00Z"), "Europe/London")).toMatch(/, 00:00 /);
    expect(en.moment(new Date("2027-03-14T06:59:00Z"), "America/New_York")).toMatch(/, 01:59 /);
    expect(en.moment(new Date("2027-03-14T07:00:00Z"), "America/New_York")).toMatch(/, 03:00 /);
  });

  it.each(["Mars/Olympus", "", "US/Nowhere"])(
    "is told in UTC where the zone %j is unknown",
    (zone) => {
      const at = new Date("2027-01-15T09:00:00Z");

      expect(textsOf("en").moment(at, zone)).toBe("15 January 2027, 09:00 (UTC)");
      expect(textsOf("ja").moment(at, zone)).toBe("2027年1月15日 09:00（UTC）");
    },
  );
});

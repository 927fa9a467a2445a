import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readWish } from "#access/grant.ts";
import { Problem } from "#errors.ts";

describe("the words after /support-access", () => {
  it.each([
    ["", { verb: "show" }],
    ["  \t ", { verb: "show" }],
    ["help", { verb: "help" }],
    ["HELP", { verb: "help" }],
    ["off", { verb: "off" }],
    ["grant 1d", { verb: "grant", days: 1 }],
    ["grant 90d", { verb: "grant", days: 90 }],
    ["  Grant   30D ", { verb: "grant", days: 30 }],
    ["grant 30", { verb: "grant", days: 30 }],
    ["grant 30 days", { verb: "grant", days: 30 }],
    ["grant 30日", { verb: "grant", days: 30 }],
    ["grant 30日間", { verb: "grant", days: 30 }],
    ["grant\u300030日", { verb: "grant", days: 30 }],
    ["reset 2w", { verb: "reset", days: 14 }],
    ["reset 2週間", { verb: "reset", days: 14 }],
    ["reset 007d", { verb: "reset", days: 7 }],
  ])("reads %j", (text, wish) => {
    expect(readWish(text)).toEqual(wish);
  });

  it.each([
    "grant",
    "reset",
    "grant 0d",
    "grant 91d",
    "grant 13w",
    "grant 999w",
    "grant -1d",
    "grant +1d",
    "grant 1.5d",
    "grant 1e2d",
    "grant 0x10d",
    "grant NaN",
    "grant Infinity",
    "grant tomorrow",
    "grant 30h",
    "grant 12時間",
    "grant 1m",
    "grant 1y",
    "grant 30d off",
    "grant 1 2d",
    "grant 30dd",
    "grant 30d\u0000",
    "grant ٣٠d",
    `grant ${"9".repeat(30_000)}d`,
    `grant ${"0".repeat(30_000)}1d`,
  ])("refuses the length in %.40j with how long it may be", (text) => {
    expect(problemOf(text)).toBe("grant-length");
  });

  it.each([
    "on",
    "30d",
    "revoke",
    "grant30d",
    "off now",
    "help me",
    "status",
    "<!channel>",
    "オフ",
  ])("refuses %j with what may follow", (text) => {
    expect(problemOf(text)).toBe("access-words");
  });

  it("takes whole days from 1 to 90 and nothing else", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), (days) => {
        const isAllowed = days >= 1 && days <= 90;
        expect(problemOf(`grant ${days}d`)).toBe(isAllowed ? undefined : "grant-length");
      }),
    );
  });

  it("answers any text with a wish or one of the two refusals", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        expect(["access-words", "grant-length", undefined]).toContain(problemOf(text));
        expect(["access-words", "grant-length", undefined]).toContain(problemOf(`grant ${text}`));
      }),
    );
  });
});

function problemOf(text: string): string | undefined {
  try {
    readWish(text);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

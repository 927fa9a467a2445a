import { expect, it } from "vitest";
import { retryAfterMs } from "#retry-after.ts";

const now = Date.parse("2026-03-01T12:00:00Z");

it.each([
  ["7", 7000],
  [" 7 ", 7000],
  ["3600", 3_600_000],
  ["3601", 3_600_000],
  ["99999999999999999999", 3_600_000],
  ["Sun, 01 Mar 2026 12:01:00 GMT", 60_000],
  ["Mon, 02 Mar 2026 12:00:00 GMT", 3_600_000],
  ["Sun, 01 Mar 2026 11:59:00 GMT", undefined],
  ["0", undefined],
  ["-5", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["soon GMT", undefined],
  ["", undefined],
  [null, undefined],
])("reads %j as %j", (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});

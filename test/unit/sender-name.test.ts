import { expect, it } from "vitest";
import { asSlackSays, senderName } from "#slack/signed.ts";
import { en } from "#text/en.ts";
import { ja } from "#text/ja.ts";

it.each([
  ["Mia", "Mia (Support)", "Mia（サポート）"],
  ["  Mia  Sato ", "Mia Sato (Support)", "Mia Sato（サポート）"],
  ["<!channel>", "‹!channel› (Support)", "‹!channel›（サポート）"],
  ["<@U0HANA>\r\nMia", "‹@U0HANA› Mia (Support)", "‹@U0HANA› Mia（サポート）"],
  ["a\u0000b\u2028c\u202ed", "a b cd (Support)", "a b cd（サポート）"],
  ["R&D", "R&D (Support)", "R&D（サポート）"],
  ["👩‍💻", "👩‍💻 (Support)", "👩‍💻（サポート）"],
  ["", "Support", "サポート"],
  [" \n ", "Support", "サポート"],
  ["\u200b\u2060", "Support", "サポート"],
])("names the sender %j as %s and %s", (name, inEnglish, inJapanese) => {
  expect(senderName(name, en.thread.sender)).toBe(inEnglish);
  expect(senderName(name, ja.thread.sender)).toBe(inJapanese);
});

it.each([200, 1000, 100_000])(
  "shows no more of a name of %i characters than Slack does",
  (length) => {
    for (const { thread } of [en, ja]) {
      const name = senderName("名".repeat(length), thread.sender);

      expect(name).toHaveLength(80);
      expect(name).toMatch(/^名+…( \(Support\)|（サポート）)$/);
    }
  },
);

it("cuts no character in half", () => {
  for (let before = 0; before < 3; before += 1) {
    const name = senderName(`${"a".repeat(before)}${"👍".repeat(60)}`, ja.thread.sender);

    expect(name.isWellFormed()).toBe(true);
    expect(name.length).toBeLessThanOrEqual(80);
  }
});

it("leaves the picture to Slack where there is none", () => {
  expect(asSlackSays({ name: "Mia" })).toEqual({ username: "Mia" });
  expect(asSlackSays({ name: "Mia", pictureUrl: undefined })).toEqual({ username: "Mia" });
});

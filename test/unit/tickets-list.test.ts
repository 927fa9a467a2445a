import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { ListQuery, readListQuery, statusesOf } from "#tickets/list.ts";
import { ticketList, unknownStatus } from "#tickets/list-views.ts";

const UNFINISHED = ["new", "open", "pending", "on_hold"];

const queries: Record<string, { words: string[]; statuses: string[] }> = {
  "": { words: [], statuses: [] },
  "  login   error ": { words: ["login", "error"], statuses: [] },
  "status:open": { words: [], statuses: UNFINISHED },
  "status:solved login": { words: ["login"], statuses: ["solved", "closed"] },
  "login status:pending error": { words: ["login", "error"], statuses: ["pending"] },
  "STATUS:On_Hold": { words: [], statuses: ["on_hold"] },
  "ログイン\u3000エラー": { words: ["ログイン", "エラー"], statuses: [] },
  "status:solved": { words: [], statuses: ["solved", "closed"] },
  "status:NEW": { words: [], statuses: ["new"] },
  "status:": { words: [], statuses: [] },
  "status:closed DL-1042": { words: ["DL-1042"], statuses: ["closed"] },
  ログイン: { words: ["ログイン"], statuses: [] },
  "status:open status:solved": { words: [], statuses: UNFINISHED },
  "100% _\\": { words: ["100%", "_\\"], statuses: [] },
  "nul\u0000byte": { words: ["nulbyte"], statuses: [] },
};

describe("/tickets", () => {
  it.each(Object.entries(queries))("reads %j", (text, expected) => {
    const query = readListQuery(text);

    expect({ words: query.words, statuses: statusesOf(query) }).toEqual(expected);
  });

  it.each(["status:done", "status:constructor", "status:__proto__", "status:解決"])(
    "does not take %j for a status",
    (text) => {
      expect(statusesOf(readListQuery(text))).toBeUndefined();
    },
  );

  it.each([
    ["status:解決", ["solved"]],
    ["status:回答待ち", ["pending"]],
    ["status:対応中 ログイン", ["open"]],
    ["status:受付", ["new"]],
  ])("takes the word of the card in %j", (text, statuses) => {
    const words = [textsOf("ja").statuses, textsOf("en").statuses];

    expect(statusesOf(readListQuery(text), words)).toEqual(statuses);
  });

  it("says which statuses there are, and repeats what was typed as data", () => {
    const query = readListQuery("status:<!channel>");

    expect(unknownStatus(textsOf("en"), query).text).toBe(
      "There is no “status:&lt;!channel&gt;”. Use open, solved, new, pending, on_hold or closed.",
    );
    expect(unknownStatus(textsOf("ja"), query).text).toBe(
      "「status:&lt;!channel&gt;」という状況はありません。受付、対応中、回答待ち、保留、解決、終了のどれかを指定してください。",
    );
  });

  it("fits the value of its button, whatever was typed", () => {
    const hostile = fc.array(
      fc.constantFrom('"', "\\", "\u0001", "\ufdfa", "🙂", "\ud83d", "x", " "),
      {
        minLength: 0,
        maxLength: 4000,
      },
    );
    fc.assert(
      fc.property(hostile, (characters) => {
        const query = { ...readListQuery(characters.join("")), before: 2_147_483_647 };
        const value = JSON.stringify(query);

        expect(value.length).toBeLessThanOrEqual(2000); // Slack's limit
        expect(ListQuery.parse(JSON.parse(value))).toEqual(query);
        expect(query.words.every((word) => word !== "" && word.isWellFormed())).toBe(true);
      }),
      { examples: [[Array.from({ length: 2000 }, () => '"')], [Array(3000).fill("\u0001")]] },
    );
  });

  it("tells an empty list from a search without result", () => {
    const none = (text: string) =>
      ticketList(textsOf("en"), {
        tickets: [],
        next: undefined,
        query: readListQuery(text),
        timeZone: "UTC",
      }).text;

    expect(none("")).toBe("You have no tickets yet. `/ticket` submits one.");
    expect(none("a b status:solved")).toBe("None of your tickets match “a b status:solved”.");
    expect(none("<@U0AKI>")).toBe("None of your tickets match “&lt;@U0AKI&gt;”.");
  });
});

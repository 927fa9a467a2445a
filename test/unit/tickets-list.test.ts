import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNVERIFIED_ACCOUNT } from "#accounts/ask.ts";
import type { Message } from "#slack/blocks.ts";
import { textsOf } from "#text/texts.ts";
import { type ListAsked, ListQuery, readListQuery } from "#tickets/list.ts";
import { IN_CHANNEL, ticketLinks, ticketList, unknownFilter } from "#tickets/list-views.ts";
import { ticket } from "../support/ticket-rows.ts";
import { textOf } from "../support/ticket-walk.ts";

const LABELS = [textsOf("ja"), textsOf("en")];
const NOW = new Date("2027-01-15T00:00:00Z");
const UNFINISHED = ["new", "open", "pending", "on_hold"];

const queries: Record<string, Partial<ListQuery>> = {
  "": {},
  "  login   error ": { words: ["login", "error"] },
  "status:open": { statuses: UNFINISHED as ListQuery["statuses"] },
  "status:solved login": { words: ["login"], statuses: ["solved", "closed"] },
  "login status:pending error": { words: ["login", "error"], statuses: ["pending"] },
  "STATUS:On_Hold": { statuses: ["on_hold"] },
  "ログイン\u3000エラー": { words: ["ログイン", "エラー"] },
  "status：ｓｏｌｖｅｄ": { statuses: ["solved", "closed"] },
  "status:NEW": { statuses: ["new"] },
  "status:": {},
  "status:closed DL-1042": { words: ["DL-1042"], statuses: ["closed"] },
  "status:open status:solved": { statuses: UNFINISHED as ListQuery["statuses"] },
  "100% _\\": { words: ["100%", "_\\"] },
  "nul\u0000byte": { words: ["nulbyte"] },
  "error:500 http://a.example": { words: ["error:500", "http://a.example"] },
  "status:解決": { statuses: ["solved"] },
  "status:お客様の返答待ち": { statuses: ["pending"] },
  "状況:未解決 ログイン": { words: ["ログイン"], statuses: UNFINISHED as ListQuery["statuses"] },
  "status:対応中 ログイン": { words: ["ログイン"], statuses: ["open"] },
  "priority:urgent": { priority: "urgent" },
  "優先度：緊急": { priority: "urgent" },
  "priority:Low by:me page:3": { priority: "low", by: "me", page: 3 },
  "by:team": { by: "team" },
  "by:自分": { by: "me" },
  "page:1000": { page: 1000 },
  "constructor:x __proto__:y": { words: ["constructor:x", "__proto__:y"] },
};

describe("/tickets", () => {
  it.each(Object.entries(queries))("reads %j", (text, expected) => {
    expect(readListQuery(text, LABELS)).toEqual({
      query: { words: [], statuses: [], ...expected },
      isCut: false,
    });
  });

  it.each([
    ["status:done", "status", "done"],
    ["status:constructor", "status", "constructor"],
    ["status:__proto__", "status", "__proto__"],
    ["priority:highest", "priority", "highest"],
    ["by:tom", "by", "tom"],
    ["page:-1", "page", "-1"],
    ["page:0", "page", "0"],
    ["page:1001", "page", "1001"],
    ["page:1e3", "page", "1e3"],
    ["page:two login", "page", "two"],
  ])("does not take %j", (text, filter, given) => {
    expect(readListQuery(text, LABELS)).toEqual({ fault: { filter, given } });
  });

  it("says what there is instead, and repeats what was typed as data", () => {
    const fault = faultIn(readListQuery("status:<!channel>", LABELS));

    expect(unknownFilter(textsOf("en"), fault).text).toBe(
      "There is no “status:&lt;!channel&gt;”. Use open, solved, new, pending, on_hold or closed.",
    );
    expect(unknownFilter(textsOf("ja"), fault).text).toBe(
      "「status:&lt;!channel&gt;」という状況はありません。未解決、受付、対応中、お客様の返答待ち、保留、解決、終了のどれかを指定してください。",
    );
  });

  it.each([
    ["ten words", "w ".repeat(10), false],
    ["eleven words", "w ".repeat(11), true],
    ["500 words", "word ".repeat(500), true],
    ["300 characters", "x".repeat(300), false],
    ["301 characters", "x".repeat(301), true],
  ])("says whether %s are more than is searched for", (_what, text, isCut) => {
    const asked = readListQuery(text, LABELS);

    expect(asked).toMatchObject({ isCut });
    const { words } = queryIn(asked);
    expect(words.length).toBeLessThanOrEqual(10);
    const shown = {
      tickets: [],
      next: undefined,
      sight: { sees: "own" },
      timeZone: "UTC",
      now: NOW,
    } as const;
    const list = ticketList(textsOf("en"), { ...shown, query: queryIn(asked), isCut }, IN_CHANNEL);
    expect(JSON.stringify(list.blocks).includes("only the first 10 words")).toBe(isCut);
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
        const query: ListQuery = {
          ...queryIn(readListQuery(characters.join(""), LABELS)),
          statuses: ["new", "open", "pending", "on_hold", "solved", "closed"],
          priority: "urgent",
          by: "team",
          page: 1000,
          after: { at: "9".repeat(18), id: "00000000-0000-4000-8000-000000000000" },
        };
        const value = JSON.stringify(query);

        expect(value.length).toBeLessThanOrEqual(2000); // Slack's limit
        expect(ListQuery.parse(JSON.parse(value))).toEqual(query);
        expect(query.words.every((word) => word !== "" && word.isWellFormed())).toBe(true);
      }),
      { examples: [[Array.from({ length: 2000 }, () => '"')], [Array(3000).fill("\u0001")]] },
    );
  });

  it.each([
    ["", "There are no tickets yet. `/ticket` submits one."],
    ["a b status:solved", "No ticket matches “a b”."],
    ["<@U0AKI>", "No ticket matches “&lt;@U0AKI&gt;”."],
    ["by:me", "You have not submitted a ticket yet. `/ticket` submits one."],
    ["by:me status:open", "You have no open tickets."],
    ["status:solved", "No ticket matches that."],
    ["by:me priority:low", "No ticket matches that."],
    ["page:7", "There is no such page."],
  ])("says of %j that there is nothing", (text, sentence) => {
    expect(drawn(text).text).toBe(sentence);
  });

  it("offers the other halves, and the first page where one is not on it", () => {
    expect(labelsOf(drawn(""))).toEqual(["Only open", "Only solved"]);
    expect(labelsOf(drawn("status:open x"))).toEqual(["Only solved", "Any status"]);
    expect(labelsOf(drawn("status:solved"))).toEqual(["Only open", "Any status"]);
    expect(labelsOf(drawn("page:7"))).toEqual(["First page", "Only open", "Only solved"]);
  });

  it("shows agents who has a ticket, and until when its answer is due, and customers neither", () => {
    const deadline = { dueAt: new Date("2027-01-15T09:30Z"), warnAt: new Date(0), isFirst: true };
    const shownAs = { accountName: "Acme", url: undefined };
    const own = { ...ticket({ assignee_name: "Aki" }), ...shownAs, deadline };
    const ofNobody = { ...ticket({ number: 1043 }), ...shownAs };
    const list = (sees: "all" | "own") => {
      const query = queryIn(readListQuery("", LABELS));
      const shown = { tickets: [own, ofNobody], next: undefined, query, isCut: false };
      const t = textsOf("en");
      return textOf(
        ticketList(t, { ...shown, sight: { sees }, timeZone: "Asia/Tokyo", now: NOW }, IN_CHANNEL)
          .blocks,
      ).split("\n");
    };

    expect(list("all")).toEqual(
      expect.arrayContaining(["Assignee", "Aki", "Answer due (JST)", "15 Jan 18:30"]),
    );
    expect(list("own").join()).not.toMatch(/Assignee|Aki|Answer due|18:30/);
  });

  it("names the account of those whom nobody knows in the agent's language", () => {
    const row = ticket({ account_id: UNVERIFIED_ACCOUNT });
    const unknown = { ...row, accountName: "Unverified customer", url: undefined };
    const query = queryIn(readListQuery("", LABELS));
    const shown = { tickets: [unknown], next: undefined, query, isCut: false };
    const t = textsOf("ja");
    const { blocks } = ticketList(
      t,
      { ...shown, sight: { sees: "all" }, timeZone: "Asia/Tokyo", now: NOW },
      IN_CHANNEL,
    );

    expect(textOf(blocks)).toContain("未確認のお客様");
    expect(textOf(blocks)).not.toContain("Unverified");
  });

  it("copies only links that there are", () => {
    expect(ticketLinks(textsOf("en"), []).text).toBe(
      "None of these tickets has a thread in Slack yet.",
    );
  });
});

function drawn(text: string) {
  return ticketList(
    textsOf("en"),
    {
      tickets: [],
      next: undefined,
      query: queryIn(readListQuery(text, LABELS)),
      sight: { sees: "own" },
      isCut: false,
      timeZone: "UTC",
      now: NOW,
    },
    IN_CHANNEL,
  );
}

function labelsOf({ blocks }: Message): string[] {
  return textOf(blocks.filter(({ type }) => type === "actions")).split("\n");
}

function queryIn(asked: ListAsked): ListQuery {
  if ("fault" in asked) throw new Error(`not taken: ${JSON.stringify(asked.fault)}`);
  return asked.query;
}

function faultIn(asked: ListAsked) {
  if (!("fault" in asked)) throw new Error("it was taken");
  return asked.fault;
}

import { describe, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { CommentBody, type FieldFault, TicketDraft } from "#tickets/ticket.ts";

const DRAFT = {
  subject: "ログインできない",
  description: "今朝から",
  what: "question",
  who: "some",
  workaround: "none",
  priority: "low",
};

const blank = {
  empty: "",
  "spaces and line breaks": " \n\t ",
  "full-width spaces": "\u3000\u3000",
  "zero-width spaces": "\u200b\u200b",
  "joiners and marks of direction": "\u200d\u2060\u200e\u202e",
  "a byte order mark": "\ufeff",
  "a Hangul filler": "\u3164",
  "variation selectors": "\ufe0f\ufe0f",
  "soft hyphens": "\u00ad",
  "a blank Braille pattern": "\u2800",
};
const unfit = {
  NUL: "before\u0000after",
  escape: "a\u001b[31m",
  backspace: "a\u0008b",
  "a control of the second set": "a\u0085b",
  "half of an emoji": "a\ud83d",
  "the other half": "\ude00b",
};
const kept = {
  "an emoji": "🙂",
  "an emoji of several characters": "👩‍👩‍👧‍👦",
  "right-to-left writing": "لا أستطيع تسجيل الدخول",
  "right-to-left writing with its marks": "\u202eשלום\u202c",
  "a mention and a link, as data": "<!channel> <@U0AKI> <https://evil|https://bank>",
  "line breaks and tabs": "one\n\ttwo\r\nthree",
  "characters beyond the first plane": "𠮷野家 𝒳",
  punctuation: "?",
};

describe.each([
  ["subject", 150],
  ["description", 3000],
  ["body", 3000],
] as const)("the field %s", (field, max) => {
  it.each(Object.entries(blank))("refuses %s", (_what, text) => {
    expect(faultOf(field, text)).toBe(`${wordOf(field)}Blank`);
  });

  it.each(Object.entries(unfit))("refuses %s, which the database cannot hold", (_what, text) => {
    expect(faultOf(field, text)).toBe("control");
  });

  it.each(Object.entries(kept))("keeps %s as it was typed", (_what, text) => {
    expect(parse(field, text)).toMatchObject({ success: true, data: heldIn(field, text) });
  });

  it(`takes ${max} characters and refuses one more`, () => {
    expect(faultOf(field, "あ".repeat(max))).toBeUndefined();
    expect(faultOf(field, "あ".repeat(max + 1))).toBe(`${wordOf(field)}Long`);
  });

  it("does not count the blanks around it", () => {
    expect(parse(field, `  ${"x".repeat(max)}\n `)).toMatchObject({
      success: true,
      data: heldIn(field, "x".repeat(max)),
    });
  });
});

describe("the choices", () => {
  it.each(["what", "who", "workaround", "priority"])("refuses an empty or foreign %s", (field) => {
    for (const value of ["", "everything", undefined]) {
      const { error } = TicketDraft.safeParse({ ...DRAFT, [field]: value });
      expect(error?.issues).toMatchObject([{ path: [field], message: "choose" }]);
    }
  });

  it("names every field that is wrong at once", () => {
    const { error } = TicketDraft.safeParse({});

    expect(error?.issues.map(({ path }) => path[0])).toEqual(Object.keys(DRAFT));
  });

  it("has a sentence for every fault, in both languages", () => {
    for (const language of ["ja", "en"] as const) {
      const { error } = TicketDraft.safeParse({ subject: "", description: "x".repeat(3001) });
      const sentences = error?.issues.map(
        ({ message }) => textsOf(language).fields[message as FieldFault],
      );
      expect(sentences?.every((sentence) => sentence && sentence.length > 4)).toBe(true);
    }
  });
});

type Field = "subject" | "description" | "body";

function parse(field: Field, text: string) {
  if (field === "body") return CommentBody.safeParse(text);
  return TicketDraft.safeParse({ ...DRAFT, [field]: text });
}

function heldIn(field: Field, text: string) {
  return field === "body" ? text : { ...DRAFT, [field]: text };
}

function faultOf(field: Field, text: string): string | undefined {
  return parse(field, text).error?.issues[0]?.message;
}

function wordOf(field: Field): string {
  return field === "body" ? "text" : field;
}

describe("the files of a form", () => {
  it.each([
    ["none", "", undefined],
    ["one", "F0ONE", ["F0ONE"]],
    ["the same twice", "F0ONE F0TWO F0ONE", ["F0ONE", "F0TWO"]],
    ["ten", idsOf(10), idsOf(10).split(" ")],
  ])("are taken by their ids: %s", (_what, files, taken) => {
    expect(TicketDraft.parse({ ...DRAFT, files }).files).toEqual(taken);
  });

  it.each([
    ["eleven", idsOf(11)],
    ["a path", "../F0ONE"],
    ["an address", "https://evil.example/F0ONE"],
    ["a person", "U0HANA"],
    ["an id without end", `F${"0".repeat(5000)}`],
  ])("are refused when the form did not offer them: %s", (_what, files) => {
    const [issue] = TicketDraft.safeParse({ ...DRAFT, files }).error?.issues ?? [];

    expect([issue?.path[0], issue?.message]).toEqual(["files", "filesUnfit"]);
  });
});

function idsOf(count: number): string {
  return Array.from({ length: count }, (_, n) => `F0FILE${n}`).join(" ");
}

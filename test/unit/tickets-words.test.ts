import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Problem } from "#errors.ts";
import { textsOf } from "#text/texts.ts";

// Where a word's arguments are not any text.
const ARGUMENTS: Record<string, unknown[]> = {
  priorityTooHigh: ["urgent", "normal"],
  fileRefused: ["empty"],
  "mail.followUp.text": ["«one»", { number: "«two»", before: "«three»", url: "«four»" }],
};
const FACTS = {
  number: "«number»",
  name: "«name»",
  why: "empty",
  fault: "self",
  next: "«next»",
  by: "«by»",
  into: "«into»",
  admins: ["«admin»"],
  agentsChannel: "«channel»",
  reference: "«reference»",
  until: new Date("2027-01-15T09:00:00Z"),
};
const JAPANESE = /[ぁ-んァ-ヶ一-龠]/;
const JA = wordsOf(textsOf("ja"));
const EN = wordsOf(textsOf("en"));
const OWN = [...JA].filter(([name]) => !/access|admin|grant/.test(name));

describe("the words of both languages", () => {
  it("are the same words", () => {
    expect([...EN.keys()]).toEqual([...JA.keys()]);
    expect(JA.size).toBeGreaterThan(100);
  });

  it.each([...JA.keys()])("%s names the same facts, in its own language", (name) => {
    const ja = JA.get(name) ?? "";
    const en = EN.get(name) ?? "";

    expect(ja.trim()).not.toBe("");
    expect(en.trim()).not.toBe("");
    expect(factsIn(ja)).toEqual(factsIn(en));
    expect(JAPANESE.test(en)).toBe(false);
    if (/[a-z]{2}/i.test(withoutFacts(en))) expect(withoutFacts(ja)).toMatch(JAPANESE);
  });

  it.each(OWN)("%s keeps to Japanese punctuation", (_name, ja) => {
    const words = ja.replaceAll(/`[^`]*`|status:/g, "x");

    expect(words).not.toMatch(/[ぁ-んァ-ヶ一-龠»*][,.:;?!()]|[,:;?!()][ぁ-んァ-ヶ一-龠]/);
    expect(words).not.toMatch(
      /[。、」] (?!x)|[ぁ-んァ-ヶ一-龠] [a-wyz]|[a-wyz] [ぁ-んァ-ヶ一-龠]/i,
    );
  });

  // Slack shows a mark as bold or code only where it stands apart from the words around it.
  it.each(OWN)("%s keeps marks apart from the words around them", (_name, ja) => {
    const marks = ja.matchAll(/(.?)(\*[^*\n]+\*|`[^`\n]+`)(.?)/g);

    for (const [, before, , after] of marks) expect(`${before}${after}`).toMatch(/^[ 。、]*$/);
  });
});

describe("the agreed words", () => {
  it.each(["ja", "en"] as const)("are used as they are (%s)", (language) => {
    const t = textsOf(language);
    const agreed = AGREED[language];

    expect(t.labels).toMatchObject(agreed.labels);
    expect(t).toMatchObject({
      what: agreed.what,
      who: agreed.who,
      priorities: agreed.priorities,
      statuses: agreed.statuses,
    });
    expect(t.triage).toMatchObject(agreed.triage);
    expect(t.home.submit).toBe(agreed.submit);
    expect(t.list.title).toBe(agreed.list);
    expect(t.filed.card("DL-1042")).toBe(agreed.filed);
    expect(t.filed.slow).toBe(agreed.slow);
    expect(t.problem(new Problem("not-saved", {}))).toBe(agreed.notSaved);
  });
});

it("names the priority of the rule in bold in both languages, and says how a follow-up begins", () => {
  const [ja, en] = [textsOf("ja"), textsOf("en")];

  expect(ja.triage.rule("普通", "質問")).toBe("*普通* ：質問");
  expect(en.triage.rule("Normal", "a question")).toBe("*Normal*: a question");
  expect(ja.newTicket.ruleLine("普通", "質問")).toBe("• *普通* ：質問");
  for (const each of [ja.card.follows("DL-1"), ja.card.followsByAgent("DL-1", "Aki")])
    expect(each).toContain("最初の優先度は「普通」か「低」です。");
  for (const each of [en.card.follows("DL-1"), en.card.followsByAgent("DL-1", "Aki")])
    expect(each).toContain("It begins with Normal or Low priority;");
});

describe("views", () => {
  const views = [
    "src/tickets/views.ts",
    "src/tickets/forms.ts",
    "src/tickets/thread-views.ts",
    "src/tickets/list-views.ts",
    "src/home/views.ts",
    "src/access/views.ts",
  ];
  it.each(views)("%s has no sentence of its own", async (file) => {
    expect(sentencesIn(await readFile(file, "utf8"))).toEqual([]);
  });

  it("would be found out", () => {
    expect(sentencesIn("section(`Press it now`)")).toEqual(["Press it now"]);
    expect(sentencesIn('header("お問い合わせ")')).toEqual(["お問い合わせ"]);
    expect(sentencesIn('button(id, "Take")')).toEqual(["Take"]);
  });
});

type Word = string | ((...facts: unknown[]) => string) | object;

/** Every word with its facts filled in: "list.none" → sentence. */
function wordsOf(words: object, path: string[] = []): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, word] of Object.entries(words) as [string, Word][]) {
    const name = [...path, key].join(".");
    if (["language", "moment", "shortMoment", "problem"].includes(name)) continue;
    if (typeof word === "string") found.set(name, word);
    else if (isFunction(word)) found.set(name, word(...argumentsFor(name)));
    else for (const [inner, text] of wordsOf(word, [...path, key])) found.set(inner, text);
  }
  return found;
}

function isFunction(word: Word): word is (...facts: unknown[]) => string {
  return typeof word === "function";
}

function argumentsFor(name: string): unknown[] {
  if (name.startsWith("problems.")) return [FACTS];
  return ARGUMENTS[name] ?? ["«one»", "«two»", "«three»"];
}

function factsIn(sentence: string): string[] {
  return [...new Set(sentence.match(/«\w+»|2027-01-15/g))].sort();
}

function withoutFacts(sentence: string): string {
  return sentence.replaceAll(/«\w+»|`[^`]*`|\b(UTC|SLACK_\w+|DL)\b/g, "");
}

/** Literals that a person would read: of several words, with a capital, or Japanese. */
function sentencesIn(code: string): string[] {
  const bare = code.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|^import[\s\S]*?;$/gm, "");
  return [...bare.matchAll(/"([^"\n]*)"|`([^`]*)`/g)]
    .map(([, quoted, template]) => quoted ?? template?.replaceAll(/\$\{[^}]*\}/g, "") ?? "")
    .filter((text) => /[a-z]{2} +[a-z]{2}|\b[A-Z][a-z]/.test(text) || JAPANESE.test(text));
}

const AGREED = {
  ja: {
    submit: "お問い合わせを送信",
    list: "お問い合わせ一覧",
    filed: "DL-1042を受け付けました。この後のやり取りは、このスレッドで続けます。",
    slow: "内容は保存しました。サポートへの登録に時間がかかっています。自動で続けますので、もう一度送る必要はありません。",
    notSaved:
      "いまは保存できませんでした。入力した内容はこのまま残っています。少し待って、もう一度送信してください。",
    labels: {
      subject: "件名",
      description: "内容",
      requester: "お問い合わせした人",
      account: "ご契約",
      what: "起きていること",
      who: "影響を受けている人",
      workaround: "回避策",
      priority: "優先度",
    },
    what: {
      "nothing-works": "まったく使えない",
      "essential-function": "主要な機能に大きな支障がある",
      function: "一部の機能に支障がある",
      "minor-bug": "軽い不具合がある",
      question: "質問・相談",
    },
    who: { all: "全員", many: "多数", some: "一部" },
    priorities: { urgent: "緊急", high: "高", normal: "普通", low: "低" },
    statuses: {
      new: "受付",
      open: "対応中",
      pending: "お客様の返答待ち",
      on_hold: "保留",
      solved: "解決",
      closed: "終了",
    },
    triage: {
      take: "担当する",
      reply: "返信する",
      ask: "お客様に質問する",
      solve: "解決にする",
      reopen: "再開する",
    },
  },
  en: {
    submit: "Submit a ticket",
    list: "My tickets",
    filed: "DL-1042 is filed. Everything from here on happens in this thread.",
    slow: "Saved. Filing it is taking longer than usual; it goes on by itself, no need to send it again.",
    notSaved:
      "This could not be saved just now. What you typed is still here. Wait a moment and submit again.",
    labels: {
      subject: "Subject",
      description: "Description",
      requester: "Requester",
      account: "Account",
      what: "What is broken",
      who: "Who is affected",
      workaround: "Workaround",
      priority: "Priority",
    },
    what: {
      "nothing-works": "Nothing works",
      "essential-function": "An essential function is badly impaired",
      function: "A function is impaired",
      "minor-bug": "A minor bug",
      question: "A question",
    },
    who: { all: "Everyone", many: "Many people", some: "Some people" },
    priorities: { urgent: "Urgent", high: "High", normal: "Normal", low: "Low" },
    statuses: {
      new: "New",
      open: "Open",
      pending: "Waiting for you",
      on_hold: "On hold",
      solved: "Solved",
      closed: "Closed",
    },
    triage: {
      take: "Take",
      reply: "Reply to customer",
      ask: "Ask the customer",
      solve: "Solve",
      reopen: "Reopen",
    },
  },
};

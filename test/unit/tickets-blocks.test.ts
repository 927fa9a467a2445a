import type { KnownBlock } from "@slack/types";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { button, context, header, modalTitle, section } from "#slack/blocks.ts";
import { asPlain, bold, escapeMrkdwn, link, oneLine } from "#slack/mrkdwn.ts";
import { quotation, quote } from "#slack/quotation.ts";

const TOKENS = [
  "<!channel>",
  "<!here|here>",
  "<@U0AKI>",
  "<#C0AGENTS|agents>",
  "<https://evil.example|https://bank.example>",
  "<mailto:a@b.example|mail>",
  "<!date^1392734382^{date}|now>",
  "&lt;!channel&gt;",
  "&amp;",
];
const SCRAPS = [
  "&",
  "<",
  ">",
  "|",
  "*",
  "_",
  "~",
  "`",
  "\n",
  "\r\n",
  "\u2028",
  " ",
  "\u202e",
  "🙂",
  "𠮷",
];
const scrap = fc.oneof(
  fc.constantFrom(...TOKENS, ...SCRAPS),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.nat(1600).map((length) => "あ".repeat(length)),
  fc.nat(1600).map((length) => "&".repeat(length)),
);
/** What a hostile person types: markup, halves of markup, and so much that it must be cut. */
const typed = fc.array(scrap, { maxLength: 30 }).map((scraps) => scraps.join(""));

it("leaves pasted code in its fences, and escapes it all the same", () => {
  const code = "Trace:\n```\nat <main>\n  at b\n```\nHelp";

  expect(quote(code)).toBe("Trace:\n```\nat &lt;main&gt;\n  at b\n```\nHelp");
});

it("shows a link by its label where there is no mrkdwn", () => {
  const url = "https://acme.slack.com/archives/C1/p1?thread_ts=1.1&cid=C1";

  expect(asPlain(`Go on in ${link(url, "DL-7 <a>")}.`)).toBe("Go on in DL-7 <a>.");
});

describe("typed-in text in mrkdwn", () => {
  it("has nothing live in it, however it is cut", () => {
    fc.assert(
      fc.property(typed, (text) => {
        const shown = [
          section(escapeMrkdwn(text)),
          context(escapeMrkdwn(text)),
          section(bold(text)),
          section(quote(text)),
          ...quotation(text),
        ];
        for (const block of shown) expect(flawsOf(textOf(block))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves our own mentions and links whole, or takes them away", () => {
    fc.assert(
      fc.property(typed, typed, (before, label) => {
        const ours = link("https://acme.example/a?b=1", label);
        const shown = textOf(section(`${escapeMrkdwn(before)} <@U0HANA> ${ours} end`));

        expect(flawsOf(shown.replaceAll(/<@U0HANA>|<https:\/\/acme\.example[^<>]*>/g, ""))).toEqual(
          [],
        );
        expect(shown.length).toBeLessThanOrEqual(3000);
      }),
      { numRuns: 500 },
    );
  });

  it("is quoted on every line", () => {
    fc.assert(
      fc.property(typed, (text) => {
        for (const line of quote(text).split("\n")) expect(line).toMatch(/^> [^>]*$/);
      }),
    );
  });

  it("is quoted whole, in as many sections as it needs", () => {
    const longest = typed.map((text) => text.slice(0, 1700).toWellFormed()); // 5 characters for each "&"
    fc.assert(
      fc.property(longest, (text) => {
        const read = quotation(text).map(textOf).join("\n");

        expect(lettersOf(unescaped(read.replaceAll(/^> /gm, "")))).toBe(lettersOf(text));
      }),
    );
  });

  it("does not fill a message, however much a desk sends", () => {
    const blocks = quotation("&".repeat(200_000));

    expect(blocks.map(textOf).join("").length).toBeLessThan(10_000); // of 12,000 in all
    expect(textOf(blocks.at(-1))).toBe("> …");
  });
});

describe("typed-in text in a title", () => {
  it("is one line, within Slack's limits, with no half character", () => {
    fc.assert(
      fc.property(typed, (text) => {
        const line = oneLine(text);

        expect(line).not.toMatch(/[\n\r\u202a-\u202e\u2066-\u2069\u200e\u200f]/);
        expect(line.length).toBeLessThanOrEqual(150);
        expect(header(text || "x").text.text.length).toBeLessThanOrEqual(150);
        expect(button("id", text, "value").text.text.length).toBeLessThanOrEqual(75);
        expect(modalTitle(text).text.length).toBeLessThanOrEqual(24);
        for (const cut of [line, header(text).text.text, modalTitle(text).text])
          expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("a link", () => {
  it("cannot be left by its own address", () => {
    const shown = link("https://desk.example/1|x><!channel>", "Open");

    expect(shown).toMatch(/^<https:[^<>|]*\|Open>$/);
  });
});

/** What Slack would take for more than text, or what is broken. The marks that a quotation begins with are ours. */
function flawsOf(mrkdwn: string): string[] {
  const flaws: string[] = mrkdwn.replaceAll(/^> /gm, "").match(/[<>]|&(?!(?:amp|lt|gt);)/g) ?? [];
  if (!mrkdwn.isWellFormed()) flaws.push("half a character");
  if (mrkdwn.length === 0 || mrkdwn.length > 3000) flaws.push(`${mrkdwn.length} characters`);
  return flaws;
}

function textOf(block: KnownBlock | undefined): string {
  if (block?.type === "section") return block.text?.text ?? "";
  const [element] = block?.type === "context" ? block.elements : [];
  return element && "text" in element ? String(element.text) : "";
}

function lettersOf(text: string): string {
  return text.replaceAll(/[\s\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, "");
}

function unescaped(mrkdwn: string): string {
  return mrkdwn.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

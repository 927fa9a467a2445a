import { describe, expect, it } from "vitest";
import { type Paragraph, parseMrkdwn } from "#simulator/page/mrkdwn.ts";
import type { Inline } from "#simulator/page/mrkdwn-inline.ts";

describe("formatting", () => {
  it.each([
    ["*bold*", [{ type: "bold", inside: [text("bold")] }]],
    ["_italic_ and ~gone~", [italic("italic"), text(" and "), strike("gone")]],
    ["(*bold*)", [text("("), { type: "bold", inside: [text("bold")] }, text(")")]],
    ["*_both_*", [{ type: "bold", inside: [italic("both")] }]],
    ["`a *b*`", [{ type: "code", text: "a *b*" }]],
    [":tada: yes", [{ type: "emoji", name: "tada", text: "🎉" }, text(" yes")]],
  ])("reads %s", (source, expected) => {
    expect(inlineOf(source)).toEqual(expected);
  });

  it.each([
    "2*3*4",
    "snake_case_name",
    "日本*太字*です",
    "* not bold *",
    "*open",
    "a ~ b",
    "**",
    ":no_such_emoji:",
    ":constructor:",
    "12:30:45",
    "`",
  ])("leaves %s alone", (source) => {
    expect(inlineOf(source)).toEqual([text(source)]);
  });

  it("does not carry a mark over a line's end", () => {
    expect(plain(parseMrkdwn("*one\ntwo*"))).toBe("*one\ntwo*");
    expect(flat(parseMrkdwn("*one\ntwo*")).every((node) => node.type === "text")).toBe(true);
  });

  it("keeps quotes and fences apart from lines", () => {
    expect(parseMrkdwn("before\n&gt; quoted\nafter\n```\n*code*\n```")).toEqual([
      { type: "lines", inside: [text("before")] },
      { type: "quote", inside: [text("quoted")] },
      { type: "lines", inside: [text("after")] },
      { type: "pre", text: "*code*" },
    ]);
  });

  it("shows a fence that never closes as it was typed", () => {
    expect(plain(parseMrkdwn("a ``` b"))).toBe("a ``` b");
  });
});

describe("references", () => {
  it.each([
    ["<@U0HANA>", { type: "user", id: "U0HANA", label: undefined }],
    ["<#C0HELP|help>", { type: "channel", id: "C0HELP", label: "help" }],
    ["<!channel>", { type: "broadcast", name: "channel" }],
    ["<!subteam^S0TEAM|@team>", { type: "group", id: "S0TEAM", label: "@team" }],
    ["<https://a.example|here>", { type: "link", href: "https://a.example", text: "here" }],
    ["<mailto:a@b.example>", { type: "link", href: "mailto:a@b.example", text: "a@b.example" }],
    ["https://a.example/x?y=1&amp;z", link("https://a.example/x?y=1&z")],
    [
      "<!date^1800000000^{date} {time}|soon>",
      {
        type: "date",
        seconds: 1_800_000_000,
        format: "{date} {time}",
        href: undefined,
        fallback: "soon",
      },
    ],
  ])("reads %s", (source, expected) => {
    expect(inlineOf(source)).toEqual([expected]);
  });

  it("ends a bare address before the sentence does", () => {
    expect(inlineOf("See https://a.example/x.")).toEqual([
      text("See "),
      link("https://a.example/x"),
      text("."),
    ]);
  });
});

describe("hostile text", () => {
  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<javascript:alert(1)|click>",
    "<JavaScript:alert(1)>",
    "<data:text/html,x|click>",
    "<vbscript:x|click>",
    "<//a.example|click>",
    "<@U0HANA onclick=x>",
    "<@>",
    "<!script>",
    "<!date^x^{date}|soon>",
    "<!date^1^{date}>",
    "<>",
    "<|>",
  ])("never makes %s live", (source) => {
    expect(inlineOf(source).every(({ type }) => type === "text")).toBe(true);
    expect(plain(parseMrkdwn(source))).toBe(source);
  });

  it("keeps escaped mentions and links as words", () => {
    const source = "&lt;!channel&gt; &lt;@U0HANA&gt; &lt;https://evil.example|bank&gt;";
    const nodes = inlineOf(source);

    expect(nodes.map(({ type }) => type)).not.toContain("broadcast");
    expect(nodes.map(({ type }) => type)).not.toContain("user");
    // The address in it is an ordinary one, under its own name.
    expect(nodes).toContainEqual(link("https://evil.example"));
    expect(plain(parseMrkdwn(source))).toBe("<!channel> <@U0HANA> <https://evil.example|bank>");
  });

  it("ends a bare address before an escaped bracket", () => {
    expect(inlineOf("&lt;https://a.example&gt;")).toEqual([
      text("<"),
      link("https://a.example"),
      text(">"),
    ]);
  });

  it("undoes one escaping and not two", () => {
    expect(plain(parseMrkdwn("&amp;lt;!channel&amp;gt;"))).toBe("&lt;!channel&gt;");
  });

  it("shows a mention that is live as one", () => {
    expect(inlineOf("hi <!here>")).toContainEqual({ type: "broadcast", name: "here" });
  });

  it.each([
    ["marks that never close", "*a ".repeat(13_000)],
    ["brackets that never close", "<a ".repeat(13_000)],
    ["marks of all kinds", "*_~`".repeat(10_000)],
    ["addresses of dots", "https://".repeat(5000)],
    ["nested marks", "*a _b ~c ".repeat(4400)],
    ["emoji that never close", ":a".repeat(20_000)],
    ["one address of full stops", `https://a${".".repeat(40_000)}`],
  ])("reads 40,000 characters of %s at once", (_name, source) => {
    const began = performance.now();
    parseMrkdwn(source);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

function text(value: string): Inline {
  return { type: "text", text: value };
}

function italic(value: string): Inline {
  return { type: "italic", inside: [text(value)] };
}

function strike(value: string): Inline {
  return { type: "strike", inside: [text(value)] };
}

function link(href: string): Inline {
  return { type: "link", href, text: href };
}

function inlineOf(source: string): Inline[] {
  return parseMrkdwn(source).flatMap((one) => (one.type === "pre" ? [] : one.inside));
}

function flat(paragraphs: Paragraph[]): Inline[] {
  return paragraphs.flatMap((one) => (one.type === "pre" ? [] : one.inside));
}

function plain(paragraphs: Paragraph[]): string {
  return flat(paragraphs)
    .map((one) => ("text" in one ? one.text : ""))
    .join("");
}

import { describe, expect, it } from "vitest";
import { faultsOfBlocks, type Surface } from "#simulator/blocks-check.ts";

type Case = [what: string, block: unknown, surface?: Surface];

const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const button = (more: object = {}) => ({
  type: "button",
  action_id: "b",
  text: plain("Go"),
  ...more,
});
const option = (value: string) => ({ text: plain(value), value });
const options = (count: number) => Array.from({ length: count }, (_, n) => option(`o${n}`));
const select = (more: object) => ({ type: "static_select", action_id: "s", ...more });
const actions = (...elements: object[]) => ({ type: "actions", elements });
const input = (element: object, more: object = {}) => ({
  type: "input",
  label: plain("Label"),
  element: { action_id: "i", ...element },
  ...more,
});
const long = (length: number) => "x".repeat(length);
const many = <T>(count: number, make: (n: number) => T) =>
  Array.from({ length: count }, (_, n) => make(n));

const GOOD: Case[] = [
  ["a section of 3000 characters", { type: "section", text: mrkdwn(long(3000)) }],
  ["10 fields of 2000", { type: "section", fields: many(10, () => mrkdwn(long(2000))) }],
  ["a header of 150", { type: "header", text: plain(long(150)) }],
  [
    "a button at its limits",
    actions(button({ text: plain(long(75)), value: long(2000), style: "danger" })),
  ],
  ["25 buttons", actions(...many(25, (n) => button({ action_id: `b${n}` })))],
  ["a select of 100 options", actions(select({ options: options(100) }))],
  [
    "an option value of 150",
    actions(select({ options: [{ text: plain("a"), value: long(150) }] })),
  ],
  [
    "grouped options",
    actions(select({ option_groups: [{ label: plain("g"), options: options(2) }] })),
  ],
  ["10 context elements", { type: "context", elements: many(10, () => mrkdwn("x")) }],
  [
    "an input with hint",
    input({ type: "plain_text_input", max_length: 3000 }, { hint: plain("h") }),
    "modal",
  ],
  ["an alert in a modal", { type: "alert", text: mrkdwn("x"), level: "warning" }, "modal"],
  ["markdown in a message", { type: "markdown", text: long(12_000) }],
  ["an image", { type: "image", image_url: "https://example.com/a.png", alt_text: "a" }],
  [
    "rich text",
    {
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "x" }] }],
    },
  ],
  ["a table", { type: "table", rows: [[{ type: "raw_text", text: "x" }]] }],
  ["plain text with emoji set", { type: "header", text: { ...plain("x"), emoji: false } }],
  ["mrkdwn that Slack would not understand", { type: "section", text: mrkdwn("<@nobody> *open") }],
];

const BAD: [...Case, fault: string][] = [
  [
    "a block type Slack does not know",
    { type: "banner" },
    "message",
    "unsupported type: banner [json-pointer:/blocks/0/type]",
  ],
  [
    "a block without type",
    { text: plain("x") },
    "message",
    "missing required field: type [json-pointer:/blocks/0]",
  ],
  [
    "an unknown property",
    { type: "divider", color: "red" },
    "message",
    "invalid additional property: color",
  ],
  [
    "a section of 3001 characters",
    { type: "section", text: mrkdwn(long(3001)) },
    "message",
    "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
  ],
  [
    "an empty section text",
    { type: "section", text: mrkdwn("") },
    "message",
    "must be more than 0 characters",
  ],
  [
    "a section of nothing",
    { type: "section" },
    "message",
    "must define at least one of: text, fields",
  ],
  [
    "11 fields",
    { type: "section", fields: many(11, () => mrkdwn("x")) },
    "message",
    "no more than 10 items allowed",
  ],
  [
    "a field of 2001",
    { type: "section", fields: [mrkdwn(long(2001))] },
    "message",
    "must be less than 2001 characters",
  ],
  [
    "a header of 151",
    { type: "header", text: plain(long(151)) },
    "message",
    "must be less than 151 characters",
  ],
  [
    "a header in mrkdwn",
    { type: "header", text: mrkdwn("x") },
    "message",
    "unsupported type: mrkdwn",
  ],
  [
    "emoji on mrkdwn",
    { type: "section", text: { ...mrkdwn("x"), emoji: true } },
    "message",
    "invalid additional property: emoji",
  ],
  ["text that is a string", { type: "section", text: "x" }, "message", "must be an object"],
  [
    "a button text of 76",
    actions(button({ text: plain(long(76)) })),
    "message",
    "must be less than 76 characters",
  ],
  [
    "a button value of 2001",
    actions(button({ value: long(2001) })),
    "message",
    "must be less than 2001 characters",
  ],
  ["a button value that is a number", actions(button({ value: 1 })), "message", "must be a string"],
  [
    "a button style of its own",
    actions(button({ style: "link" })),
    "message",
    "must be a valid enum value",
  ],
  ["a button with a broken url", actions(button({ url: "nowhere" })), "message", "invalid url"],
  [
    "26 buttons",
    actions(...many(26, (n) => button({ action_id: `b${n}` }))),
    "message",
    "no more than 25 items allowed",
  ],
  ["no buttons", actions(), "message", "no fewer than 1 items allowed"],
  [
    "an action_id of 256",
    actions(button({ action_id: long(256) })),
    "message",
    "must be less than 256 characters",
  ],
  [
    "two elements of one action_id",
    actions(button(), button()),
    "message",
    "duplicate action_id: b",
  ],
  [
    "101 options",
    actions(select({ options: options(101) })),
    "message",
    "no more than 100 items allowed",
  ],
  [
    "options and groups",
    actions(select({ options: options(1), option_groups: [] })),
    "message",
    "must define exactly one of",
  ],
  [
    "an option value of 151",
    actions(select({ options: [{ text: plain("a"), value: long(151) }] })),
    "message",
    "must be less than 151 characters",
  ],
  [
    "an initial option from nowhere",
    actions(select({ options: options(1), initial_option: option("z") })),
    "message",
    "initial option must be one of the options",
  ],
  [
    "11 radio buttons",
    actions({ type: "radio_buttons", action_id: "r", options: options(11) }),
    "message",
    "no more than 10 items allowed",
  ],
  [
    "6 overflow options",
    actions({ type: "overflow", action_id: "o", options: options(6) }),
    "message",
    "no more than 5 items allowed",
  ],
  [
    "a text input in actions",
    actions({ type: "plain_text_input", action_id: "t" }),
    "message",
    "unsupported type: plain_text_input",
  ],
  ["a button in an input", input(button()), "modal", "unsupported type: button"],
  [
    "an input without label",
    { type: "input", element: { type: "plain_text_input" } },
    "modal",
    "missing required field: label",
  ],
  [
    "a label of 2001",
    { ...input({ type: "plain_text_input" }), label: plain(long(2001)) },
    "modal",
    "must be less than 2001 characters",
  ],
  [
    "a placeholder of 151",
    input({ type: "plain_text_input", placeholder: plain(long(151)) }),
    "modal",
    "must be less than 151 characters",
  ],
  [
    "a max_length of 3001",
    input({ type: "plain_text_input", max_length: 3001 }),
    "modal",
    "must be at most 3000",
  ],
  [
    "an initial value above max_length",
    input({ type: "plain_text_input", max_length: 2, initial_value: "abc" }),
    "modal",
    "must be less than 3 characters",
  ],
  [
    "11 context elements",
    { type: "context", elements: many(11, () => mrkdwn("x")) },
    "message",
    "no more than 10 items allowed",
  ],
  [
    "a button in context",
    { type: "context", elements: [button()] },
    "message",
    "unsupported type: button",
  ],
  [
    "a confirm title of 101",
    actions(button({ confirm: { title: plain(long(101)), text: plain("x") } })),
    "message",
    "must be less than 101 characters",
  ],
  [
    "a confirm without text",
    actions(button({ confirm: { title: plain("x") } })),
    "message",
    "missing required field: text",
  ],
  [
    "an alert in a message",
    { type: "alert", text: mrkdwn("x") },
    "message",
    "unsupported type: alert",
  ],
  ["markdown in a modal", { type: "markdown", text: "x" }, "modal", "unsupported type: markdown"],
  [
    "a table in a modal",
    { type: "table", rows: [[{ type: "raw_text", text: "x" }]] },
    "modal",
    "unsupported type: table",
  ],
  [
    "a table of 101 rows",
    { type: "table", rows: many(101, () => [{ type: "raw_text", text: "x" }]) },
    "message",
    "no more than 100 items allowed",
  ],
  [
    "a file input outside of a modal",
    input({ type: "file_input" }),
    "home",
    "unsupported type: file_input",
  ],
  [
    "an image without alt text",
    { type: "image", image_url: "https://example.com/a.png" },
    "message",
    "missing required field: alt_text",
  ],
  [
    "a rich text part Slack does not know",
    { type: "rich_text", elements: [{ type: "rich_text_poem" }] },
    "message",
    "unsupported type: rich_text_poem",
  ],
];

describe("good blocks", () => {
  it.each(GOOD)("%s", (_, block, surface = "message") => {
    expect(faultsOfBlocks([block], surface)).toEqual([]);
  });
});

describe("bad blocks", () => {
  it.each(BAD)("%s", (_, block, surface = "message", fault) => {
    const faults = faultsOfBlocks([block], surface);

    expect(faults.join("\n")).toContain(`[ERROR] ${fault}`);
  });

  it("counts blocks: 50 in a message, 100 in a view", () => {
    const dividers = (count: number) => many(count, () => ({ type: "divider" }));

    expect(faultsOfBlocks(dividers(50), "message")).toEqual([]);
    expect(faultsOfBlocks(dividers(51), "message")).toHaveLength(1);
    expect(faultsOfBlocks(dividers(100), "modal")).toEqual([]);
    expect(faultsOfBlocks(dividers(101), "home")).toHaveLength(1);
  });

  it("wants every block_id once", () => {
    const twice = [
      { type: "divider", block_id: "one" },
      { type: "divider", block_id: "one" },
    ];

    expect(faultsOfBlocks(twice, "modal")).toEqual([
      "[ERROR] duplicate block_id: one [json-pointer:/blocks/1/block_id]",
    ]);
  });
});

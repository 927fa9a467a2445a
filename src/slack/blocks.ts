import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  InputBlock,
  KnownBlock,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
  StaticSelect,
} from "@slack/types";

/** A message to send: `text` is what a notification and a screen reader say. */
export type Message = { text: string; blocks: KnownBlock[] };

/** With every message: nothing that people typed may turn into a link or a mention. */
export const BARE = { parse: "none", link_names: false } as const;

const SECTION = 3000;
const HEADER = 150;
const OPTION = 75;
const BUTTON = 75;
const PLACEHOLDER = 150;
const QUOTED = 2900; // of a section: the mark of the first line and an ellipsis fit too
const BLOCKS = 50; // in one message
const ALL_BLOCKS = 12_000; // characters in all blocks of a message together
const MESSAGE = 40_000;
const QUOTED_SECTIONS = 3; // so that all blocks together stay below that
const MODAL_TITLE = 24;

export function section(mrkdwn: string, accessory?: Button): SectionBlock {
  return {
    type: "section",
    text: { type: "mrkdwn", text: cutMrkdwn(mrkdwn, SECTION), verbatim: true },
    ...(accessory && { accessory }),
  };
}

export function context(mrkdwn: string): ContextBlock {
  return {
    type: "context",
    elements: [{ type: "mrkdwn", text: cutMrkdwn(mrkdwn, SECTION), verbatim: true }],
  };
}

export function header(text: string): HeaderBlock {
  return { type: "header", text: plain(text, HEADER) };
}

export function actions(id: string, elements: (Button | StaticSelect)[]): ActionsBlock[] {
  return elements.length === 0 ? [] : [{ type: "actions", block_id: id, elements }];
}

export function button(
  actionId: string,
  label: string,
  value: string,
  style?: "primary" | "danger",
): Button {
  return {
    type: "button",
    action_id: actionId,
    text: plain(label, BUTTON),
    value,
    ...(style && { style }),
  };
}

/** At most 100 choices. */
export function choiceMenu(
  actionId: string,
  placeholder: string,
  choices: readonly Choice[],
): StaticSelect {
  return {
    type: "static_select",
    action_id: actionId,
    placeholder: plain(placeholder, PLACEHOLDER),
    options: choices.map(option),
  };
}

export function textInput(
  id: string,
  label: string,
  options: {
    multiline?: boolean;
    hint?: string;
    placeholder?: string;
    initial?: string;
    maxLength?: number;
  } = {},
): InputBlock {
  return {
    type: "input",
    block_id: id,
    label: plain(label),
    element: {
      type: "plain_text_input",
      action_id: id,
      multiline: options.multiline ?? false,
      max_length: options.maxLength ?? SECTION,
      ...(options.initial && { initial_value: options.initial }),
      ...(options.placeholder && { placeholder: plain(options.placeholder, PLACEHOLDER) }),
    },
    ...(options.hint && { hint: plain(options.hint) }),
  };
}

export type Choice = { value: string; label: string; description?: string };

export function choiceInput(
  id: string,
  label: string,
  choices: readonly Choice[],
  options: { style: "radio" | "select"; placeholder?: string; initial?: string; hint?: string },
): InputBlock {
  const listed = choices.map(option);
  const initial = listed.find((each) => each.value === options.initial);
  const common = {
    action_id: id,
    options: listed,
    ...(initial && { initial_option: initial }),
  };
  return {
    type: "input",
    block_id: id,
    label: plain(label),
    element:
      options.style === "radio"
        ? { type: "radio_buttons", ...common }
        : {
            type: "static_select",
            ...common,
            ...(options.placeholder && { placeholder: plain(options.placeholder, PLACEHOLDER) }),
          },
    ...(options.hint && { hint: plain(options.hint) }),
  };
}

export function plain(text: string, limit = 2000): PlainTextElement {
  return { type: "plain_text", text: cut(text, limit), emoji: false };
}

export function modalTitle(text: string): PlainTextElement {
  return plain(text, MODAL_TITLE);
}

/** Makes what a person typed safe inside mrkdwn: no mention or link survives. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** One line of typed-in text for a title or a list: no line breaks, no characters that turn the writing around. */
export function oneLine(text: string, limit = 150): string {
  return cut(text.replaceAll(BIDI_CONTROLS, "").replaceAll(/\s+/g, " ").trim(), limit);
}

/** The beginning of typed-in text as a quotation. Cut before it is escaped, so that no entity is split. */
export function quote(text: string): string {
  const [first = "", ...rest] = inPieces(readable(text));
  return asQuotation(rest.length > 0 ? `${first.trimEnd()}…` : first);
}

/**
 * What is too long for one section goes on in the next: all that a form takes, unless it is mostly `&`, `<` and `>`.
 * A desk's comment may be longer than any message.
 */
export function quotation(text: string): SectionBlock[] {
  const pieces = inPieces(readable(text));
  const shown = pieces.slice(0, QUOTED_SECTIONS);
  if (pieces.length > shown.length) shown.push("…");
  return shown.map((piece) => section(asQuotation(piece)));
}

/** A sentence of ours and the quotation it introduces, in one section where they fit. */
export function quoted(line: string, text: string): SectionBlock[] {
  const [first, ...rest] = quotation(text);
  const both = `${line}\n${first?.text?.text}`;
  if (rest.length === 0 && both.length <= SECTION) return [section(both)];
  return [section(line), ...(first ? [first] : []), ...rest];
}

/** Whether Slack takes all of it in one message. */
export function fitsOneMessage({ text, blocks }: Message): boolean {
  return blocks.length <= BLOCKS && lengthOf(blocks) <= ALL_BLOCKS && text.length <= MESSAGE;
}

/** A name inside a sentence of ours: one line, and without marks that would end our formatting or begin their own. */
export function inert(text: string): string {
  const marks = /[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
  return escapeMrkdwn(oneLine(text).replaceAll(marks, (mark) => LOOKALIKE[mark] ?? ""));
}

/** The same, and no longer than this once it is escaped. */
export function inertWithin(text: string, limit: number): string {
  let shown = oneLine(text, limit);
  while (inert(shown).length > limit) shown = cut(shown, shown.length - 1);
  return inert(shown);
}

/** One of our sentences where Slack shows no mrkdwn: a mention becomes a name. */
export function asPlain(mrkdwn: string, nameOf: (userId: string) => string | undefined): string {
  return mrkdwn
    .replaceAll(/<@([A-Z0-9]+)>/g, (_token, userId: string) => `@${nameOf(userId) ?? userId}`)
    .replaceAll(/<#([A-Z0-9]+)>/g, "#$1")
    .replaceAll(/[*`]/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** Bold, with the marks that would end it taken out. */
export function bold(text: string): string {
  return `*${escapeMrkdwn(text.replaceAll("*", "∗"))}*`;
}

export function link(url: string, label: string): string {
  const address = url.replaceAll(/[<>|\s]/g, encodeURIComponent);
  return `<${address}|${escapeMrkdwn(label).replaceAll("|", "¦")}>`;
}

/** A moment that each reader sees in their own time zone; `fallback` where Slack shows no dates. */
export function date(at: Date, fallback: string): string {
  return `<!date^${Math.floor(at.getTime() / 1000)}^{date_short_pretty} {time}|${fallback}>`;
}

export function mention(userId: string): string {
  return `<@${userId}>`;
}

// mrkdwn has no escape for its marks.
const LOOKALIKE: Record<string, string> = { "*": "∗", _: "ˍ", "~": "∼", "`": "ˋ" };
const FENCE = "```";
const BIDI_CONTROLS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

function option({ value, label, description }: Choice): PlainTextOption {
  return {
    value,
    text: plain(label, OPTION),
    ...(description && { description: plain(description, OPTION) }),
  };
}

/** At most `limit` UTF-16 units, never half a character, with an ellipsis where something is missing. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Without what turns the writing around, and with one kind of line break. */
function readable(text: string): string {
  return text.replaceAll(BIDI_CONTROLS, "").replaceAll(/\r\n?|[\u2028\u2029]/g, "\n");
}

/** Pasted code has fences of its own, and no quotation holds one. */
function asQuotation(text: string): string {
  const escaped = escapeMrkdwn(text);
  return text.includes(FENCE) ? escaped : escaped.replaceAll(/^/gm, "> ");
}

/** The characters in all texts of blocks, as Slack counts them. */
function lengthOf(part: unknown): number {
  if (typeof part !== "object" || part === null) return 0;
  const lengths = Object.entries(part).map(([name, inner]) =>
    name === "text" && typeof inner === "string" ? inner.length : lengthOf(inner),
  );
  return lengths.reduce((sum, each) => sum + each, 0);
}

/** Pieces whose escaped form, as a quotation, fits into a section each. */
function inPieces(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let end = 0;
  let length = 0;
  for (const character of text) {
    const more = escapeMrkdwn(character).length + (character === "\n" ? 2 : 0);
    if (length + more > QUOTED) {
      pieces.push(text.slice(start, end));
      start = end;
      length = 0;
    }
    length += more;
    end += character.length;
  }
  return [...pieces, text.slice(start)];
}

/** The last guard: our own sentences around escaped text. Ends before a half entity, link or mention. */
function cutMrkdwn(mrkdwn: string, limit: number): string {
  if (mrkdwn.length <= limit) return mrkdwn || " ";
  return `${cut(mrkdwn, limit - 1).replace(/(&[a-z]{0,4}|<[^>]*)…$/, "…")}`;
}

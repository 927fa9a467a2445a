import type {
  ActionsBlock,
  AlertBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  InputBlock,
  KnownBlock,
  Overflow,
  PlainTextElement,
  PlainTextOption,
  RichTextBlock,
  SectionBlock,
  StaticSelect,
  TableBlock,
} from "@slack/types";
import { cut, cutMrkdwn } from "./mrkdwn.ts";

/** A message to send: `text` is what a notification and a screen reader say. */
export type Message = { text: string; blocks: KnownBlock[] };

/** With every message: nothing that people typed may turn into a link or a mention. */
export const BARE = { parse: "none", link_names: false } as const;

export const SECTION = 3000;
const HEADER = 150;
const OPTION = 75;
const BUTTON = 75;
const PLACEHOLDER = 150;
const BLOCKS = 50; // in one message
const ALL_BLOCKS = 12_000; // characters in all blocks of a message together
const MESSAGE = 40_000;
const EDITED = 4000; // what chat.update takes of the words beside the blocks
export const FILES = 10; // in one form
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

/** What a cell of a table shows; an empty one shows nothing. */
export type Cell = string | { url: string; label: string };

/** At most 99 rows below the head, all as long as it, with 10,000 characters in all; one in a message. `wide`: the columns that wrap. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  wide: readonly string[],
): TableBlock {
  return {
    type: "table",
    column_settings: head.map((name) => ({ is_wrapped: wide.includes(name) })),
    rows: [head.map((name) => cellOf(name)), ...rows.map((row) => row.map(cellOf))],
  };
}

function cellOf(cell: Cell): TableBlock["rows"][number][number] {
  if (typeof cell === "string") return { type: "raw_text", text: cell || " " };
  const { url, label: text } = cell;
  return richText({ type: "rich_text_section", elements: [{ type: "link", url, text }] });
}

/** As it stands, to be copied. */
export function preformatted(text: string): RichTextBlock {
  return richText({ type: "rich_text_preformatted", elements: [{ type: "text", text }] });
}

function richText(...elements: RichTextBlock["elements"]): RichTextBlock {
  return { type: "rich_text", elements };
}

/** In a modal alone. */
export function alert(level: NonNullable<AlertBlock["level"]>, mrkdwn: string): AlertBlock {
  return {
    type: "alert",
    level,
    text: { type: "mrkdwn", text: cutMrkdwn(mrkdwn, SECTION), verbatim: true },
  };
}

export function header(text: string): HeaderBlock {
  return { type: "header", text: plain(text, HEADER) };
}

export function actions(
  id: string,
  elements: (Button | StaticSelect | Overflow)[],
): ActionsBlock[] {
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

/** Behind three dots; at most five choices. */
export function overflow(actionId: string, choices: readonly Choice[]): Overflow {
  return { type: "overflow", action_id: actionId, options: choices.map(option) };
}

/** At most 100 choices. */
export function choiceMenu(
  actionId: string,
  placeholder: string,
  choices: readonly Choice[],
  chosen?: string,
): StaticSelect {
  const options = choices.map(option);
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: "static_select",
    action_id: actionId,
    placeholder: plain(placeholder, PLACEHOLDER),
    options,
    ...(initial && { initial_option: initial }),
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
  const { maxLength = SECTION } = options;
  const element: InputBlock["element"] = {
    type: "plain_text_input",
    action_id: id,
    multiline: options.multiline ?? false,
    max_length: maxLength,
    ...(options.initial && { initial_value: cut(options.initial, maxLength) }),
    ...(options.placeholder && { placeholder: plain(options.placeholder, PLACEHOLDER) }),
  };
  return input(id, label, element, options.hint);
}

export type Choice = { value: string; label: string; description?: string };

export function choiceInput(
  id: string,
  label: string,
  choices: readonly Choice[],
  options: {
    style: "radio" | "select";
    placeholder?: string;
    initial?: string;
    hint?: string;
    /** The action by which the form hears of each choice. */
    onChoice?: string;
  },
): InputBlock {
  const listed = choices.map(option);
  const initial = listed.find((each) => each.value === options.initial);
  const common = {
    action_id: options.onChoice ?? id,
    options: listed,
    ...(initial && { initial_option: initial }),
  };
  const element: InputBlock["element"] =
    options.style === "radio"
      ? { type: "radio_buttons", ...common }
      : {
          type: "static_select",
          ...common,
          ...(options.placeholder && { placeholder: plain(options.placeholder, PLACEHOLDER) }),
        };
  return {
    ...input(id, label, element, options.hint),
    ...(options.onChoice && { dispatch_action: true }),
  };
}

/** One member of the workspace, or of a channel shared with it. */
export function personInput(
  id: string,
  label: string,
  options: { placeholder: string; hint?: string; initial?: string | undefined },
): InputBlock {
  const placeholder = plain(options.placeholder, PLACEHOLDER);
  const { initial } = options;
  return input(
    id,
    label,
    {
      type: "users_select",
      action_id: id,
      placeholder,
      ...(initial && { initial_user: initial }),
    },
    options.hint,
  );
}

/** Files that Slack keeps; leaving it empty is fine. Slack: at most 10, of 10 MB each. */
export function fileInput(id: string, label: string, hint: string): InputBlock {
  const element = { type: "file_input", action_id: id, max_files: FILES } as const;
  return { ...input(id, label, element, hint), optional: true };
}

function input(
  id: string,
  label: string,
  element: InputBlock["element"],
  hint: string | undefined,
): InputBlock {
  return {
    type: "input",
    block_id: id,
    label: plain(label),
    element,
    ...(hint && { hint: plain(hint) }),
  };
}

export function plain(text: string, limit = 2000): PlainTextElement {
  return { type: "plain_text", text: cut(text, limit), emoji: false };
}

export function modalTitle(text: string): PlainTextElement {
  return plain(text, MODAL_TITLE);
}

/** Whether Slack takes all of it in one message. */
export function fitsOneMessage({ text, blocks }: Message): boolean {
  return blocks.length <= BLOCKS && lengthOf(blocks) <= ALL_BLOCKS && text.length <= MESSAGE;
}

/** What a message becomes by an edit: blocks say all of it, and the words beside them are what notifications say. */
export function asEdit({ text, blocks }: Message): Message {
  return { text: cutMrkdwn(text, EDITED), blocks };
}

function option({ value, label, description }: Choice): PlainTextOption {
  return {
    value,
    text: plain(label, OPTION),
    ...(description && { description: plain(description, OPTION) }),
  };
}

/** The characters in all texts of blocks, as Slack counts them. */
function lengthOf(part: unknown): number {
  if (typeof part !== "object" || part === null) return 0;
  const lengths = Object.entries(part).map(([name, inner]) =>
    name === "text" && typeof inner === "string" ? inner.length : lengthOf(inner),
  );
  return lengths.reduce((sum, each) => sum + each, 0);
}

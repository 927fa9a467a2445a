import { emojiOf } from "./emoji.ts";
import { parseReference, type Reference } from "./mrkdwn-reference.ts";

/** Slack's message text as a tree. Text in it is plain text: whoever shows it must not read it as HTML. */
export type Inline =
  | { type: "text"; text: string }
  | { type: "bold" | "italic" | "strike"; inside: Inline[] }
  | { type: "code"; text: string }
  | { type: "emoji"; name: string; text: string }
  | Reference;

const marks = { "*": "bold", _: "italic", "~": "strike" } as const;
type Mark = keyof typeof marks;

// A mark inside a word means nothing, and to Slack Japanese letters are part of a word.
const WORD = /[\p{L}\p{N}_]/u;
const EMOJI = /:([a-z0-9_+-]{1,50}):/y;
const URL = /https?:\/\/(?:(?!&[lg]t;)[^\s<>|`*~])*(?!&[lg]t;)[^\s<>|`*~.,;:!?'")\]}。、」）]/y;
const REFERENCE = /<([^<>\n]+)>/y;
const CODE = /`([^`\n]+)`/y;

export function parseLine(line: string): Inline[] {
  return parseWithin(line, []);
}

export function textNode(text: string): Inline {
  return { type: "text", text: unescaped(text) };
}

/** Slack escapes these three and nothing else; `&amp;lt;` must come out as `&lt;`. */
export function unescaped(text: string): string {
  const plain: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => plain[entity] ?? entity);
}

/** `open` are the marks around this text: each can be open only once, which bounds the depth. */
function parseWithin(line: string, open: Mark[]): Inline[] {
  const found: Inline[] = [];
  const unclosed = new Set<Mark>();
  let plain = "";
  let at = 0;

  while (at < line.length) {
    const node = parseAtom(line, at) ?? parseMarked(line, at, open, unclosed);
    if (!node) {
      plain += line[at];
      at += 1;
      continue;
    }
    if (plain) found.push(textNode(plain));
    plain = "";
    found.push(node.node);
    at = node.end;
  }
  if (plain) found.push(textNode(plain));
  return found;
}

type Found = { node: Inline; end: number };

function parseAtom(line: string, at: number): Found | undefined {
  switch (line[at]) {
    case "`":
      return match(CODE, line, at, (text) => ({ type: "code", text: unescaped(text) }));
    case "<":
      return match(REFERENCE, line, at, parseReference);
    case ":":
      return match(EMOJI, line, at, (name) => emojiNode(name));
    case "h":
      return matchUrl(line, at);
    default:
      return undefined;
  }
}

function match(
  pattern: RegExp,
  line: string,
  at: number,
  read: (inner: string) => Inline | undefined,
): Found | undefined {
  pattern.lastIndex = at;
  const inner = pattern.exec(line)?.[1];
  const node = inner === undefined ? undefined : read(inner);
  return node && { node, end: pattern.lastIndex };
}

function matchUrl(line: string, at: number): Found | undefined {
  if (at > 0 && /[a-z0-9]/i.test(line[at - 1] ?? "")) return undefined;
  URL.lastIndex = at;
  const url = URL.exec(line)?.[0];
  if (!url) return undefined;
  return {
    node: { type: "link", href: unescaped(url), text: unescaped(url) },
    end: at + url.length,
  };
}

function parseMarked(
  line: string,
  at: number,
  open: Mark[],
  unclosed: Set<Mark>,
): Found | undefined {
  const mark = line[at];
  if (!isMark(mark) || open.includes(mark) || unclosed.has(mark)) return undefined;
  if (!opens(line, at)) return undefined;
  const end = findClosing(line, at, mark);
  if (end === undefined) {
    // No closing mark from here means none from any later place: never search again.
    unclosed.add(mark);
    return undefined;
  }
  const inside = parseWithin(line.slice(at + 1, end), [...open, mark]);
  return { node: { type: marks[mark], inside }, end: end + 1 };
}

function isMark(character: string | undefined): character is Mark {
  return character !== undefined && Object.hasOwn(marks, character);
}

function opens(line: string, at: number): boolean {
  const next = line[at + 1] ?? " ";
  return !isWord(line[at - 1]) && !/\s/.test(next) && next !== line[at];
}

function findClosing(line: string, from: number, mark: Mark): number | undefined {
  let at = from + 1;
  while (at < line.length) {
    if (line[at] === mark && at > from + 1 && closes(line, at)) return at;
    at = parseAtom(line, at)?.end ?? at + 1;
  }
  return undefined;
}

function closes(line: string, at: number): boolean {
  return !/\s/.test(line[at - 1] ?? " ") && !isWord(line[at + 1]);
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && WORD.test(character);
}

function emojiNode(name: string): Inline | undefined {
  const text = emojiOf(name);
  return text ? { type: "emoji", name, text } : undefined;
}

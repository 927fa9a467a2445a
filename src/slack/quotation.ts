import type { SectionBlock } from "@slack/types";
import { type Message, SECTION, section } from "./blocks.ts";
import { escapeMrkdwn, withoutTurns } from "./mrkdwn.ts";

const QUOTED = 2850; // of a section: the mark of the first line, an ellipsis, and in a message all that stands beside it fit too
const QUOTED_SECTIONS = 3; // Slack takes 12,000 characters in all blocks of a message together
const MODAL_SECTIONS = 90; // of the 100 blocks of a modal
const FENCE = "```";

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
  return piecesShown(text).map((piece) => section(asQuotation(piece)));
}

/** The same where it is no quotation: the message is its author's own. `line`: a sentence of ours before it. */
export function spoken(text: string, line?: string): Message {
  const pieces = piecesShown(text).map(escapeMrkdwn);
  const [first = "", ...rest] = pieces;
  const before = line === undefined ? [] : [line];
  return {
    text: [...before, rest.length > 0 ? `${first.trimEnd()}…` : first].join("\n"),
    blocks: [...before, ...pieces].map((piece) => section(piece)),
  };
}

/** Whether a message shows only the beginning of it. */
export function isCutShort(text: string): boolean {
  return inPieces(readable(text)).length > QUOTED_SECTIONS;
}

/** All of it, as a modal holds it: more than Slack or a desk takes in one message. */
export function whole(text: string): SectionBlock[] {
  const pieces = inPieces(readable(text)).slice(0, MODAL_SECTIONS);
  return pieces.map((piece) => section(escapeMrkdwn(piece)));
}

function piecesShown(text: string): string[] {
  const pieces = inPieces(readable(text));
  const shown = pieces.slice(0, QUOTED_SECTIONS);
  if (pieces.length > shown.length) shown.push("…");
  return shown;
}

/** A sentence of ours and the quotation it introduces, in one section where they fit. */
export function quoted(line: string, text: string): SectionBlock[] {
  const [first, ...rest] = quotation(text);
  const both = `${line}\n${first?.text?.text}`;
  if (rest.length === 0 && both.length <= SECTION) return [section(both)];
  return [section(line), ...(first ? [first] : []), ...rest];
}

/** Without what turns the writing around, and with one kind of line break. */
function readable(text: string): string {
  return withoutTurns(text).replaceAll(/\r\n?|[\u2028\u2029]/g, "\n");
}

/** Pasted code has fences of its own, and no quotation holds one. */
function asQuotation(text: string): string {
  const escaped = escapeMrkdwn(text);
  return text.includes(FENCE) ? escaped : escaped.replaceAll(/^/gm, "> ");
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

import { type Inline, parseLine, textNode, unescaped } from "./mrkdwn-inline.ts";

export type Paragraph =
  | { type: "lines"; inside: Inline[] }
  | { type: "quote"; inside: Inline[] }
  | { type: "pre"; text: string };

export function parseMrkdwn(text: string): Paragraph[] {
  return text.split(/```/).flatMap((part, index, parts) => {
    // Every second part stands between fences, unless the last fence never closes.
    const isFenced = index % 2 === 1 && index < parts.length - 1;
    if (isFenced) return [{ type: "pre", text: unescaped(part.replace(/^\n|\n$/g, "")) }];
    const isOpenFence = index % 2 === 1;
    return parseQuotes(isOpenFence ? `\`\`\`${part}` : part);
  });
}

/** Text where quotes and fences mean nothing, such as one line of a list. */
export function parseInline(text: string): Inline[] {
  return text.split(/(\n)/).flatMap((line) => (line === "\n" ? [textNode(line)] : parseLine(line)));
}

function parseQuotes(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    const type = quoted ? "quote" : "lines";
    const inside = parseLine(quoted?.[1] ?? line);
    const last = paragraphs.at(-1);
    if (last?.type === type) last.inside.push(textNode("\n"), ...inside);
    else paragraphs.push({ type, inside });
  }
  return text === "" ? [] : paragraphs;
}

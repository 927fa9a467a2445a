import { h } from "preact";
import { html, type View } from "./html.ts";
import type { Inline } from "./mrkdwn-inline.ts";
import { safeUrl } from "./mrkdwn-reference.ts";
import { Inlines } from "./mrkdwn-view.ts";

/** The markdown block, as far as an app's answer needs it: headings, lists, quotes, fences, bold, italic, code, links. */
export function Markdown({ text }: { text: string }) {
  const parts = text.split(/^```.*$/m);
  return html`<div class="mrkdwn">
    ${parts.map((part, index) =>
      index % 2 === 1
        ? html`<pre tabindex="0">${part.replace(/^\n|\n$/g, "")}</pre>`
        : part.split("\n").map(lineView),
    )}
  </div>`;
}

function lineView(line: string): View | null {
  if (line.trim() === "") return null;
  const heading = /^#{1,6} +(.+)$/.exec(line)?.[1];
  if (heading) return html`<p class="markdown-heading"><strong>${inlines(heading)}</strong></p>`;
  const item = /^\s*(?:[-*+]|\d+\.) +(.+)$/.exec(line)?.[1];
  if (item) return html`<p class="markdown-item">${inlines(item)}</p>`;
  const quote = /^> ?(.*)$/.exec(line)?.[1];
  if (quote !== undefined) return html`<blockquote>${inlines(quote)}</blockquote>`;
  return html`<p>${inlines(line)}</p>`;
}

const PIECE = /\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*|`([^`\n]+)`|\[([^\][\n]+)\]\(([^()\s]+)\)/g;

function inlines(text: string) {
  const found: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(PIECE)) {
    found.push({ type: "text", text: text.slice(from, match.index) }, pieceOf(match));
    from = match.index + match[0].length;
  }
  found.push({ type: "text", text: text.slice(from) });
  return h(Inlines, { inside: found });
}

function pieceOf([whole, bold, italic, code, label, url]: RegExpExecArray): Inline {
  if (bold) return { type: "bold", inside: [{ type: "text", text: bold }] };
  if (italic) return { type: "italic", inside: [{ type: "text", text: italic }] };
  if (code) return { type: "code", text: code };
  const href = safeUrl(url ?? "");
  return href ? { type: "link", href, text: label ?? href } : { type: "text", text: whole };
}

import type { RichTextBlock, RichTextElement, RichTextList } from "@slack/types";
import { h } from "preact";
import { emojiOf } from "./emoji.ts";
import { html, type View } from "./html.ts";
import type { Inline } from "./mrkdwn-inline.ts";
import { safeUrl } from "./mrkdwn-reference.ts";
import { Inlines } from "./mrkdwn-view.ts";

export function RichTextView({ block }: { block: RichTextBlock }) {
  return html`<div class="mrkdwn">${block.elements.map(part)}</div>`;
}

function part(element: RichTextBlock["elements"][number]): View {
  switch (element.type) {
    case "rich_text_section":
      return html`<p>${pieces(element.elements)}</p>`;
    case "rich_text_quote":
      return html`<blockquote>${pieces(element.elements)}</blockquote>`;
    case "rich_text_preformatted":
      return html`<pre tabindex="0">${pieces(element.elements)}</pre>`;
    case "rich_text_list":
      return list(element);
  }
}

function list({ style, indent = 0, elements }: RichTextList): View {
  const items = elements.map((item) => html`<li>${pieces(item.elements)}</li>`);
  const className = `rich-list indent-${Math.min(indent, 4)}`;
  return style === "ordered"
    ? html`<ol class=${className}>${items}</ol>`
    : html`<ul class=${className}>${items}</ul>`;
}

function pieces(elements: RichTextElement[]) {
  return h(Inlines, { inside: elements.map((element) => styled(element, inlineOf(element))) });
}

function inlineOf(element: RichTextElement): Inline {
  switch (element.type) {
    case "text":
      return { type: "text", text: element.text };
    case "link":
      return linkOf(element.url, element.text);
    case "user":
      return { type: "user", id: element.user_id, label: undefined };
    case "channel":
      return { type: "channel", id: element.channel_id, label: undefined };
    case "usergroup":
      return { type: "group", id: element.usergroup_id, label: undefined };
    case "broadcast":
      return { type: "broadcast", name: element.range };
    case "emoji":
      return emojiNode(element.name);
    case "date":
      return {
        type: "date",
        seconds: element.timestamp,
        format: element.format,
        href: safeUrl(element.url ?? ""),
        fallback: element.fallback ?? "",
      };
    case "color":
      return { type: "code", text: element.value };
    case "team":
      return { type: "text", text: element.team_id };
  }
}

function styled(element: RichTextElement, inline: Inline): Inline {
  const { style } = element;
  if (style?.code && inline.type === "text") return { type: "code", text: inline.text };
  const marks = (["bold", "italic", "strike"] as const).filter((mark) => style?.[mark]);
  return marks.reduce<Inline>((inside, type) => ({ type, inside: [inside] }), inline);
}

function linkOf(url: string, text: string | undefined): Inline {
  const href = safeUrl(url);
  if (!href) return { type: "text", text: text ?? url };
  return { type: "link", href, text: text ?? url };
}

function emojiNode(name: string): Inline {
  const text = emojiOf(name);
  return text ? { type: "emoji", name, text } : { type: "text", text: `:${name}:` };
}

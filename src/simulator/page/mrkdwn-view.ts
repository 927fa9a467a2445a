import { h } from "preact";
import { addressHash } from "./address.ts";
import { formatDate } from "./dates.ts";
import { html, type View } from "./html.ts";
import { type Paragraph, parseMrkdwn } from "./mrkdwn.ts";
import type { Inline } from "./mrkdwn-inline.ts";
import { usePage } from "./page.ts";
import { permalinkHash } from "./permalinks.ts";

/** Slack's message text. Every piece becomes a node of its own; nothing is ever read as HTML. */
export function Mrkdwn({ text }: { text: string }) {
  return html`<div class="mrkdwn">${parseMrkdwn(text).map(paragraph)}</div>`;
}

function paragraph(one: Paragraph): View {
  switch (one.type) {
    case "pre":
      return html`<pre tabindex="0">${one.text}</pre>`;
    case "quote":
      return html`<blockquote>${h(Inlines, { inside: one.inside })}</blockquote>`;
    case "lines":
      return html`<p>${h(Inlines, { inside: one.inside })}</p>`;
  }
}

export function Inlines({ inside }: { inside: Inline[] }) {
  return inside.map((one) => h(InlineNode, { one }));
}

function InlineNode({ one }: { one: Inline }) {
  switch (one.type) {
    case "text":
      return one.text;
    case "bold":
      return html`<strong>${h(Inlines, one)}</strong>`;
    case "italic":
      return html`<em>${h(Inlines, one)}</em>`;
    case "strike":
      return html`<s>${h(Inlines, one)}</s>`;
    case "code":
      return html`<code>${one.text}</code>`;
    case "emoji":
      return html`<span role="img" aria-label=${one.name}>${one.text}</span>`;
    case "link":
      return h(Link, { href: one.href, text: one.text });
    case "date":
      return h(DateText, { date: one });
    default:
      return h(Mention, { one });
  }
}

/** The address shows on hover and to screen readers' link lists, as in Slack. */
export function Link({ href, text }: { href: string; text: string }) {
  const { state } = usePage();
  const hash = permalinkHash(href, state);
  if (hash) return html`<a href=${hash}>${text}</a>`;
  return html`<a href=${href} title=${href} target="_blank" rel="noreferrer noopener">${text}</a>`;
}

type Mentioned = Extract<Inline, { type: "user" | "channel" | "broadcast" | "group" }>;

/** A live mention stands out: one that came in through somebody's text would be seen. */
function Mention({ one }: { one: Mentioned }) {
  const { state, world } = usePage();
  switch (one.type) {
    case "user":
      return html`<span class="mention" data-mention="user">@${world.names[one.id] ?? one.label ?? one.id}</span>`;
    case "channel": {
      const name = world.channels.find((channel) => channel.id === one.id)?.name;
      const href = addressHash({ ...state.address, place: one.id, thread: undefined });
      return html`<a class="mention" data-mention="channel" href=${href}>#${name ?? one.label ?? one.id}</a>`;
    }
    case "broadcast":
      return html`<span class="mention mention-broadcast" data-mention="broadcast">@${one.name}</span>`;
    case "group":
      return html`<span class="mention" data-mention="group">${one.label ?? `@${one.id}`}</span>`;
  }
}

function DateText({ date }: { date: Extract<Inline, { type: "date" }> }) {
  const { language } = usePage();
  const text = formatDate(date.seconds, date.format, language) ?? date.fallback;
  const stamp = new Date(date.seconds * 1000);
  if (Number.isNaN(stamp.getTime())) return date.fallback;
  const time = html`<time datetime=${stamp.toISOString()}>${text}</time>`;
  return date.href
    ? html`<a href=${date.href} target="_blank" rel="noreferrer noopener">${time}</a>`
    : time;
}

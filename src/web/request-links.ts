import { type Html, html } from "./html.ts";

const ADDRESSES = /(https?:\/\/[\w.~:/?#@!$&'*+,;=%-]*[\w~/#=&%-]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)/;

/** The operator's own text: what looks like an address is a link, nothing else is anything. */
export function linkedText(text: string): Html[] {
  return text.split(ADDRESSES).map((part, at) => (at % 2 === 0 ? html`${part}` : link(part)));
}

const URLS = /(https?:\/\/[\w.~:/?#@!$&'*+,;=%-]*[\w~/#=&%-])/;

/** An agent's words: what is a web address is a link that vouches for nothing. */
export function linkedWords(words: string): Html[] {
  return words
    .split(URLS)
    .map((part, at) =>
      at % 2 === 0 ? html`${part}` : html`<a href="${part}" rel="noreferrer nofollow">${part}</a>`,
    );
}

function link(address: string): Html {
  const target = address.includes("://") ? address : `mailto:${address}`;
  return html`<a href="${target}" rel="noreferrer">${address}</a>`;
}

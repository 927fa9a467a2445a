import type { TextObject } from "@slack/types";
import { h } from "preact";
import { emojiOf } from "./emoji.ts";
import { html } from "./html.ts";
import { Mrkdwn } from "./mrkdwn-view.ts";

/** A text object of Block Kit. */
export function TextView({ text }: { text: TextObject }) {
  if (text.type === "mrkdwn") return h(Mrkdwn, { text: text.text });
  return html`<span class="plain">${plainText(text)}</span>`;
}

/** plain_text knows shortcodes and nothing else. */
export function plainText(text: TextObject): string {
  return text.text.replace(/:([a-z0-9_+-]{1,50}):/g, (code, name: string) => emojiOf(name) ?? code);
}

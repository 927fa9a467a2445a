import { asPlain } from "#slack/mrkdwn.ts";
import { type Html, html } from "./html.ts";

const DATE = /<!date\^(\d+)\^[^|>]*\|([^>]*)>/;

/** One of our sentences on a page: without Slack's marks, and each moment in the time zone of whoever reads it. */
export function plainly(mrkdwn: string): Html {
  const [first = "", ...rest] = mrkdwn.split(DATE); // text, then seconds, fallback and text again and again
  const pieces = [html`${asPlain(first)}`];
  for (let at = 0; at < rest.length; at += 3) {
    const [seconds = "", fallback = "", text = ""] = rest.slice(at, at + 3);
    pieces.push(
      html`${moment(new Date(Number(seconds) * 1000), asPlain(fallback))}${asPlain(text)}`,
    );
  }
  return html`${pieces}`;
}

/** Its script says it in the reader's time zone; `words` is what stands there without one. */
export function moment(at: Date, words: string): Html {
  return html`<time datetime="${at.toISOString()}">${words}</time>`;
}

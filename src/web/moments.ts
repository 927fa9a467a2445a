import { asPlain } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { type Html, html } from "./html.ts";

/** In which language, and until the page's script knows better, in which time zone. */
export type Reader = { t: Texts; timeZone: string };

const DATE = /<!date\^(\d+)\^[^|>]*\|[^>]*>/;

/** One of our sentences on a page: without Slack's marks, and each moment in the time zone of whoever reads it. */
export function plainly(reader: Reader, mrkdwn: string): Html {
  const pieces = mrkdwn.split(DATE).map((piece, at) => {
    const isMoment = at % 2 === 1; // text, then seconds and text again and again
    return isMoment ? moment(reader, new Date(Number(piece) * 1000)) : html`${asPlain(piece)}`;
  });
  return html`${pieces}`;
}

/** Its script says it in the reader's own time zone. */
export function moment({ t, timeZone }: Reader, at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${t.moment(at, timeZone)}</time>`;
}

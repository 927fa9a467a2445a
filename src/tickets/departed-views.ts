import { context, type Message, section } from "#slack/blocks.ts";
import { inert, inertWithin, link } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import { ticketNumber } from "./ticket.ts";
import { shownAccount } from "./views.ts";

const SUBJECT = 80;
const ACCOUNT = 30;
const LINES = 15; // in a section, which holds 3,000 characters

/** `url`: of its triage card, where that stands. */
type Listed = { ticket: Ticket; accountName: string; url: string | undefined };

/** Whose tickets these were, and which they are; `count` may be more than are listed. */
export function leftMessage(
  t: Texts,
  { name, count, listed }: { name: string; count: number; listed: readonly Listed[] },
): Message {
  const title = t.left.title(inert(name), count);
  const lines = listed.map((each) => lineOf(t, each));
  const more = count - listed.length;
  const sections = Array.from({ length: Math.ceil(lines.length / LINES) }, (_, n) =>
    section(lines.slice(n * LINES, (n + 1) * LINES).join("\n")),
  );
  return {
    text: title,
    blocks: [section(title), ...sections, ...(more > 0 ? [context(t.left.more(more))] : [])],
  };
}

function lineOf(t: Texts, { ticket, accountName, url }: Listed): string {
  const number = ticketNumber(ticket);
  return [
    `• ${url ? link(url, number) : number} ${inertWithin(ticket.subject, SUBJECT)}`,
    inertWithin(shownAccount(t, ticket, accountName), ACCOUNT),
    t.priorities[ticket.priority],
    t.triage.statuses[ticket.status],
  ].join(t.labels.separator);
}

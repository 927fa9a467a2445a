import type { KnownBlock } from "@slack/types";
import { section } from "#slack/blocks.ts";
import { inertWithin, link } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import { ticketNumber } from "./ticket.ts";

const SUBJECT = 80;

/** Another ticket, and its triage card where that stands. */
export type Related = Pick<Ticket, "number" | "subject" | "status"> & { url?: string | undefined };

/** On the agents' card. */
export function relatedList(
  t: Texts,
  related: readonly Related[],
  listed = related.length,
): KnownBlock[] {
  if (related.length === 0) return [];
  const lines = related.slice(0, listed).map(({ url, ...other }) => {
    const number = ticketNumber(other);
    const named = url ? link(url, number) : number;
    const subject = inertWithin(other.subject, SUBJECT);
    return t.links.line(named, subject, t.triage.statuses[other.status]);
  });
  const more = related.length - lines.length;
  if (more > 0) lines.push(t.links.more(more));
  return [section(t.links.related(lines.join("\n")))];
}

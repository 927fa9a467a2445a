import { actions, button, type Message, section } from "#slack/blocks.ts";
import { bold, escapeMrkdwn, link, oneLine } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { ListQuery } from "./list.ts";
import type { Ticket } from "./store.ts";
import { ticketNumber } from "./ticket.ts";

export const LIST_NEXT = "tickets.next";
export const LIST_FIRST = "tickets.first";
const SUBJECT_SHOWN = 80;

export function ticketList(
  t: Texts,
  shown: {
    tickets: readonly Ticket[];
    next: number | undefined;
    query: ListQuery;
    timeZone: string;
  },
): Message {
  const { tickets, next, query, timeZone } = shown;
  if (tickets.length === 0) return emptyList(t, query);

  const { before, ...first } = query;
  const buttons = [
    ...(before ? [button(LIST_FIRST, t.list.first, JSON.stringify(first))] : []),
    ...(next ? [button(LIST_NEXT, t.list.next, JSON.stringify({ ...first, before: next }))] : []),
  ];
  return {
    text: t.list.title,
    blocks: [
      section(bold(t.list.title)),
      ...tickets.map((ticket) => section(ticketLine(t, ticket, timeZone))),
      ...actions("tickets.page", buttons),
    ],
  };
}

export function unknownStatus(t: Texts, query: ListQuery): Message {
  const text = t.list.unknownStatus(escapeMrkdwn(query.status));
  return { text, blocks: [section(text)] };
}

function emptyList(t: Texts, query: ListQuery): Message {
  const search = [...query.words, query.status && `status:${query.status}`].filter(Boolean);
  const text =
    search.length > 0 ? t.list.noneFound(escapeMrkdwn(oneLine(search.join(" ")))) : t.list.none;
  return { text, blocks: [section(text)] };
}

function ticketLine(t: Texts, ticket: Ticket, timeZone: string): string {
  const subject = escapeMrkdwn(oneLine(ticket.subject, SUBJECT_SHOWN));
  const facts = t.list.line(
    t.priorities[ticket.priority],
    t.statuses[ticket.status],
    t.moment(ticket.updated_at, timeZone),
  );
  const thread = ticket.card_url ? `\n${link(ticket.card_url, t.list.openThread)}` : "";
  return `${bold(ticketNumber(ticket))} ${subject}\n${facts}${thread}`;
}

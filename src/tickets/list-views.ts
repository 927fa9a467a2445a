import type { Button, KnownBlock } from "@slack/types";
import {
  actions,
  button,
  context,
  type Message,
  preformatted,
  section,
  table,
} from "#slack/blocks.ts";
import { bold, escapeMrkdwn, oneLine } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { ENDED, type ListAfter, type ListAsked, type ListQuery, OPEN } from "./list.ts";
import type { Sight } from "./list-sight.ts";
import type { Listed } from "./store-list.ts";
import { ticketNumber } from "./ticket.ts";

export const LIST_NEXT = "tickets.next";
export const LIST_FIRST = "tickets.first";
export const LIST_OPEN = "tickets.only-open";
export const LIST_SOLVED = "tickets.only-solved";
export const LIST_COPY = "tickets.copy-link";
const SUBJECT_SHOWN = 80;
const ACCOUNT_SHOWN = 40;

export type ShownList = {
  tickets: readonly Listed[];
  next: ListAfter | undefined;
  query: ListQuery;
  sight: Pick<Sight, "sees"> & { isUnsure?: boolean };
  /** More was typed than was searched for. */
  isCut: boolean;
  timeZone: string;
};

export function ticketList(t: Texts, shown: ShownList): Message {
  const { tickets, query, sight } = shown;
  const title = titleOf(t, shown);
  const notes = [shown.isCut ? t.list.cut : "", sight.isUnsure ? t.list.unsure : ""].filter(
    (note) => note !== "",
  );
  return {
    text: tickets.length > 0 ? title : empty(t, query),
    blocks: [
      ...(tickets.length > 0 ? [section(bold(title)), rows(t, shown)] : [section(empty(t, query))]),
      ...notes.map((note) => context(note)),
      ...actions("tickets.page", buttons(t, shown)),
    ],
  };
}

function titleOf(t: Texts, { sight, query }: ShownList): string {
  if (query.by === "me") return t.list.title;
  return sight.sees === "all" ? t.list.allTitle : t.list.teamTitle;
}

/** The addresses of the threads, to be copied. */
export function ticketLinks(t: Texts, tickets: readonly Listed[]): Message {
  const linked = tickets.filter(({ card_url }) => card_url !== null);
  const lines = linked.map(
    (ticket) =>
      `${ticketNumber(ticket)} ${oneLine(ticket.subject, SUBJECT_SHOWN)}\n${ticket.card_url}`,
  );
  if (lines.length === 0) return { text: t.list.noLinks, blocks: [section(t.list.noLinks)] };
  return { text: t.list.links, blocks: [section(t.list.links), preformatted(lines.join("\n"))] };
}

export function unknownFilter(
  t: Texts,
  { filter, given }: Extract<ListAsked, { fault: unknown }>["fault"],
): Message {
  const text = t.list.unknown[filter](escapeMrkdwn(oneLine(given)));
  return { text, blocks: [section(text)] };
}

function rows(t: Texts, { tickets, sight, timeZone }: ShownList): KnownBlock {
  const { columns } = t.list;
  const isAll = sight.sees === "all";
  return table(
    [
      columns.number,
      ...(isAll ? [t.labels.account] : []),
      columns.subject,
      t.labels.priority,
      t.labels.status,
      columns.changed,
    ],
    tickets.map((ticket) => [
      ticket.card_url
        ? { url: ticket.card_url, label: ticketNumber(ticket) }
        : ticketNumber(ticket),
      ...(isAll ? [oneLine(ticket.accountName, ACCOUNT_SHOWN)] : []),
      oneLine(ticket.subject, SUBJECT_SHOWN),
      t.priorities[ticket.priority],
      (isAll ? t.triage.statuses : t.statuses)[ticket.status],
      t.moment(ticket.updated_at, timeZone),
    ]),
    columns.subject,
  );
}

function buttons(t: Texts, { tickets, next, query }: ShownList): Button[] {
  const { after, page, ...asked } = query;
  const isFirst = !after && (page ?? 1) === 1;
  const to = (id: string, label: string, value: ListQuery) =>
    button(id, label, JSON.stringify(value));
  const only = (id: string, label: string, statuses: ListQuery["statuses"]) =>
    isSame(statuses, asked.statuses) ? [] : [to(id, label, { ...asked, statuses })];
  return [
    ...(isFirst ? [] : [to(LIST_FIRST, t.list.first, asked)]),
    ...(next ? [to(LIST_NEXT, t.list.next, { ...asked, after: next })] : []),
    ...only(LIST_OPEN, t.list.onlyOpen, [...OPEN]),
    ...only(LIST_SOLVED, t.list.onlySolved, [...ENDED]),
    ...(tickets.length > 0 ? [to(LIST_COPY, t.list.copyLink, query)] : []),
  ];
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each));
}

function empty(t: Texts, { words, statuses, priority, by, page, after }: ListQuery): string {
  const isBare = statuses.length === 0 && !priority && by !== "team";
  if (words.length > 0) return t.list.noneFound(escapeMrkdwn(oneLine(words.join(" "))));
  if ((page ?? 1) > 1 || after) return t.list.noPage;
  return isBare ? t.list.none : t.list.noneSuch;
}

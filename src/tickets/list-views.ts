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
import { bold, escapeMrkdwn, inert, oneLine } from "#slack/mrkdwn.ts";
import { type Texts, zoneOf } from "#text/texts.ts";
import { ENDED, type ListAfter, type ListAsked, type ListQuery, OPEN } from "./list.ts";
import type { Sight } from "./list-sight.ts";
import type { Listed } from "./store-list.ts";
import type { Deadline } from "./targets.ts";
import { ticketNumber } from "./ticket.ts";
import type { Standing } from "./triage-url.ts";
import { shownAccount } from "./views.ts";

/** The actions of its buttons: where it stands in a channel, it is answered there. */
export type ListButtons = Record<"next" | "first" | "open" | "solved" | "any", string> &
  Partial<Record<"mine" | "team", string>>;
export const IN_CHANNEL = {
  next: "tickets.next",
  first: "tickets.first",
  open: "tickets.only-open",
  solved: "tickets.only-solved",
  any: "tickets.any-status",
} as const satisfies ListButtons;
export const LIST_COPY = "tickets.copy-link";
const SUBJECT_SHOWN = 80;
const ACCOUNT_SHOWN = 40;
const ASSIGNEE_SHOWN = 30;

/** `url`: of its thread; for agents of its triage card where the customer has none in Slack. */
export type ShownTicket = Omit<Listed, "plan" | "card_channel_id" | "card_url" | keyof Standing> & {
  url: string | undefined;
  deadline?: Deadline | undefined;
};

export type ShownList = {
  tickets: readonly ShownTicket[];
  next: ListAfter | undefined;
  query: ListQuery;
  sight: Pick<Sight, "sees"> & { isUnsure?: boolean };
  /** More was typed than was searched for. */
  isCut: boolean;
  timeZone: string;
  now: Date;
};

export function ticketList(t: Texts, shown: ShownList, ids: ListButtons): Message {
  const { tickets, sight } = shown;
  const title = titleOf(t, shown);
  const notes = [shown.isCut ? t.list.cut : "", sight.isUnsure ? t.list.unsure : ""].filter(
    (note) => note !== "",
  );
  return {
    text: tickets.length > 0 ? title : empty(t, shown),
    blocks: [
      ...(tickets.length > 0
        ? [section([bold(title), ...askedFor(t, shown)].join(" · ")), rows(t, shown)]
        : [section(empty(t, shown))]),
      ...notes.map((note) => context(note)),
      ...actions("tickets.page", buttons(t, shown, ids)),
    ],
  };
}

function titleOf(t: Texts, { sight, query }: ShownList): string {
  if (isQueue({ query, sight })) return t.list.queue;
  if (query.by === "me" || query.by === "queue") return t.list.title;
  return sight.sees === "all" ? t.list.allTitle : t.list.teamTitle;
}

/** What the list was asked for, since nobody sees their own command any more. */
function askedFor(t: Texts, { query, sight }: ShownList): string[] {
  const { words, statuses, priority, page = 1 } = query;
  return [
    ...(words.length > 0 ? [t.list.searched(inert(oneLine(words.join(" "))))] : []),
    ...statusesAsked(t, statuses, sight.sees === "all"),
    ...(priority ? [t.priorities[priority]] : []),
    ...(page > 1 ? [t.list.page(String(page))] : []),
  ];
}

function statusesAsked(t: Texts, statuses: ListQuery["statuses"], isAll: boolean): string[] {
  if (isSame(statuses, OPEN)) return [t.list.onlyOpen];
  if (isSame(statuses, ENDED)) return [t.list.onlySolved];
  return statuses.map((status) => statusWords(t, isAll)[status]);
}

/** What is the customer's turn reads differently to each side. */
function statusWords(t: Texts, isAll: boolean) {
  return isAll ? t.triage.statuses : t.statuses;
}

/** The addresses of the threads, to be copied. */
export function ticketLinks(
  t: Texts,
  tickets: readonly Pick<ShownTicket, "number" | "subject" | "url">[],
): Message {
  const linked = tickets.filter(({ url }) => url !== undefined);
  const lines = linked.map(
    (ticket) => `${ticketNumber(ticket)} ${oneLine(ticket.subject, SUBJECT_SHOWN)}\n${ticket.url}`,
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

/** Where answers are due, that moment says more to agents than the last change. */
function rows(t: Texts, shown: ShownList): KnownBlock {
  const { tickets, sight } = shown;
  const { columns } = t.list;
  const isAll = sight.sees === "all";
  const isDue = isAll && tickets.some(({ deadline }) => deadline);
  const when = ({ deadline, updated_at }: ShownTicket) => {
    if (isDue) return deadline ? t.shortMoment(deadline.dueAt, shown) : "";
    return t.shortMoment(updated_at, shown);
  };
  return table(
    [
      columns.number,
      ...(isAll ? [t.labels.account] : []),
      columns.subject,
      t.labels.priority,
      t.labels.status,
      ...(isAll ? [t.labels.assignee] : []),
      t.list.inZone(isDue ? columns.due : columns.changed, zoneOf(shown)),
    ],
    tickets.map((ticket) => [
      ticket.url ? { url: ticket.url, label: ticketNumber(ticket) } : ticketNumber(ticket),
      ...(isAll ? [oneLine(shownAccount(t, ticket, ticket.accountName), ACCOUNT_SHOWN)] : []),
      oneLine(ticket.subject, SUBJECT_SHOWN),
      t.priorities[ticket.priority],
      statusOf(t, ticket, isAll),
      ...(isAll ? [oneLine(ticket.assignee_name ?? "", ASSIGNEE_SHOWN)] : []),
      when(ticket),
    ]),
    [columns.subject],
  );
}

function statusOf(
  t: Texts,
  { status, merged_into_number: number }: Pick<Listed, "status" | "merged_into_number">,
  isAll: boolean,
): string {
  const word = statusWords(t, isAll)[status];
  return number ? t.merge.listed(word, ticketNumber({ number })) : word;
}

function buttons(t: Texts, shown: ShownList, ids: ListButtons): Button[] {
  const { tickets, query } = shown;
  const copy = button(LIST_COPY, t.list.copyLink, JSON.stringify(query));
  return [
    ...whoseButtons(t, shown, ids),
    ...pageButtons(t, shown, ids),
    ...(isQueue(shown) ? [] : statusButtons(t, query, ids)),
    ...(tickets.length > 0 ? [copy] : []),
  ];
}

/** Between one's own, or an agent's queue, and all that one may see. */
function whoseButtons(t: Texts, { query, sight }: ShownList, ids: ListButtons): Button[] {
  const { after, page, ...asked } = query;
  const isAll = sight.sees === "all";
  const isMine = query.by === (isAll ? "queue" : "me");
  if (isMine) {
    const label = isAll ? t.list.allTitle : t.list.teamTitle;
    return ids.team ? [toList(ids.team, label, { ...asked, by: "team" })] : [];
  }
  const mine: ListQuery = isAll ? { words: [], statuses: [], by: "queue" } : { ...asked, by: "me" };
  return ids.mine ? [toList(ids.mine, isAll ? t.list.queue : t.list.mine, mine)] : [];
}

function pageButtons(t: Texts, shown: ShownList, ids: ListButtons): Button[] {
  const { next } = shown;
  const { after, page = 1, ...asked } = shown.query;
  const isFirst = !after && page === 1;
  const further = isQueue(shown) ? { page: page + 1 } : { after: next };
  return [
    ...(isFirst ? [] : [toList(ids.first, t.list.first, asked)]),
    ...(next ? [toList(ids.next, t.list.next, { ...asked, ...further })] : []),
  ];
}

function statusButtons(t: Texts, query: ListQuery, ids: ListButtons): Button[] {
  const { after, page, ...asked } = query;
  const those = (id: string, label: string, statuses: ListQuery["statuses"]) =>
    isSame(statuses, asked.statuses) ? [] : [toList(id, label, { ...asked, statuses })];
  return [
    ...those(ids.open, t.list.onlyOpen, [...OPEN]),
    ...those(ids.solved, t.list.onlySolved, [...ENDED]),
    ...those(ids.any, t.list.anyStatus, []),
  ];
}

function toList(id: string, label: string, query: ListQuery): Button {
  return button(id, label, JSON.stringify(query));
}

/** An agent's, which has its own order: its pages are counted. */
function isQueue({ query, sight }: Pick<ShownList, "query" | "sight">): boolean {
  return sight.sees === "all" && query.by === "queue";
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each));
}

function empty(t: Texts, { query, sight }: ShownList): string {
  const { words, page = 1, after } = query;
  if (words.length > 0) return t.list.noneFound(escapeMrkdwn(oneLine(words.join(" "))));
  if (page > 1 || after) return t.list.noPage;
  if (isQueue({ query, sight })) return t.list.noneQueued;
  return query.by === "me" && sight.sees !== "all" ? noneOwn(t, query) : noneSeen(t, query);
}

function noneOwn(t: Texts, { statuses, priority }: ListQuery): string {
  if (priority) return t.list.noneSuch;
  if (isSame(statuses, OPEN)) return t.list.noneOpen;
  return statuses.length === 0 ? t.list.noneOwn : t.list.noneSuch;
}

function noneSeen(t: Texts, { statuses, priority, by }: ListQuery): string {
  const isBare = statuses.length === 0 && !priority && by !== "team" && by !== "me";
  return isBare ? t.list.none : t.list.noneSuch;
}

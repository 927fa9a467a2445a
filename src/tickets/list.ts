import { z } from "zod";
import type { Priority, Status } from "#db/tables.ts";
import { PRIORITIES } from "./priority.ts";

export const PAGE = 20;
const WORDS_MAX = 10;
const TEXT_MAX = 300;
const PAGE_MAX = 1000;

export const OPEN = ["new", "open", "pending", "on_hold"] as const satisfies Status[];
export const ENDED = ["solved", "closed"] as const satisfies Status[];
const STATUSES = [...OPEN, ...ENDED] as const;
const FILTERS = ["status", "priority", "by", "page"] as const;
type Filter = (typeof FILTERS)[number];

/** Where a page begins: after this ticket, as it was changed at that microsecond. */
const After = z.object({ at: z.string().regex(/^\d{1,18}$/), id: z.uuid() });

/** What `/tickets [words] [status:…] [priority:…] [by:…] [page:…]` asks for, and the value of its buttons. */
export const ListQuery = z.object({
  words: z.array(z.string().min(1).max(TEXT_MAX)).max(WORDS_MAX),
  /** None: of any. */
  statuses: z.array(z.enum(STATUSES)).max(STATUSES.length).default([]),
  priority: z.enum(PRIORITIES).optional(),
  /** "queue": for agents, what waits for them or for anybody; only the Home tab asks for it. */
  by: z.enum(["me", "team", "queue"]).optional(),
  /** Counted from 1. */
  page: z.int().min(1).max(PAGE_MAX).optional(),
  after: After.optional(),
});
export type ListQuery = z.output<typeof ListQuery>;
export type ListAfter = z.output<typeof After>;

/** What people call a status or a priority on the card. */
export type ListLabels = {
  statuses: Record<Status, string>;
  priorities: Record<Priority, string>;
};
export type ListAsked =
  /** `isCut`: more was typed than is searched for. */
  { query: ListQuery; isCut: boolean } | { fault: { filter: Filter; given: string } };

/** Also in the words of the cards: 「状況:解決」. */
const NAMES: Record<string, Filter> = {
  状況: "status",
  優先度: "priority",
  ページ: "page",
  ...Object.fromEntries(FILTERS.map((filter) => [filter, filter])),
};
const GROUPS: Record<string, readonly Status[]> = { open: OPEN, solved: ENDED, 未解決: OPEN };
const BY: Record<string, "me" | "team"> = { me: "me", team: "team", 自分: "me", チーム: "team" };

/** Words and filters in any order; full-width spaces and colons count as the others. Of several of a kind the first counts. */
export function readListQuery(text: string, labels: readonly ListLabels[]): ListAsked {
  const { searched, isCut } = searchable(text);
  const words: string[] = [];
  const filters = new Map<Filter, Partial<ListQuery>>();
  for (const part of searched.split(/\s+/).filter(Boolean)) {
    const [name = "", ...rest] = part.split(":");
    const filter = rest.length > 0 ? ownOf(NAMES, name.toLowerCase()) : undefined;
    const given = rest.join(":").toLowerCase();
    if (!filter) words.push(part);
    else if (given !== "" && !filters.has(filter)) {
      const read = READ[filter](given, labels);
      if (!read) return { fault: { filter, given } };
      filters.set(filter, read);
    }
  }
  const query = Object.assign({ words: words.slice(0, WORDS_MAX) }, ...filters.values());
  return { query: ListQuery.parse(query), isCut: isCut || words.length > WORDS_MAX };
}

/** By its name here, or by the word that people read on the card. Undefined: there is no such one. */
const READ: Record<
  Filter,
  (given: string, labels: readonly ListLabels[]) => Partial<ListQuery> | undefined
> = {
  status(given, labels) {
    const named = STATUSES.filter((status) => status === given);
    const ours = ownOf(GROUPS, given) ?? named;
    const shown = labels.flatMap((each) => keysWith(each.statuses, given));
    const statuses = ours.length > 0 ? [...ours] : [...new Set(shown)];
    return statuses.length > 0 ? { statuses } : undefined;
  },
  priority(given, labels) {
    const shown = labels.flatMap((each) => keysWith(each.priorities, given));
    const priority = PRIORITIES.find((each) => each === given) ?? shown[0];
    return priority && { priority };
  },
  by(given) {
    const by = ownOf(BY, given);
    return by && { by };
  },
  page(given) {
    const page = /^\d{1,4}$/.test(given) ? Number(given) : 0;
    return page >= 1 && page <= PAGE_MAX ? { page } : undefined;
  },
};

function keysWith<K extends string>(labels: Record<K, string>, given: string): K[] {
  const named = Object.entries(labels) as [K, string][]; // its own keys
  const found = named.filter(([, word]) => searchable(word).searched.toLowerCase() === given);
  return found.map(([key]) => key);
}

function ownOf<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** As it is compared, and short enough that it fits into a button's value (2,000 characters) in quotes and backslashes. */
function searchable(text: string): { searched: string; isCut: boolean } {
  const printable = text.normalize("NFKC").replaceAll(/[^\P{Cc}\s]/gu, "");
  const searched = printable
    .toWellFormed()
    .slice(0, TEXT_MAX)
    .replace(/[\ud800-\udbff]$/, "");
  return { searched, isCut: printable.trimEnd().length > searched.length };
}

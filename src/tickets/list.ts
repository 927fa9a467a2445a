import { z } from "zod";
import type { Status } from "#db/tables.ts";

export const PAGE = 8;
const WORDS_MAX = 10;
const TEXT_MAX = 300;
const STATUS_MAX = 20;

/** What `/tickets [words] [status:…]` asks for, and the value of its Next button. */
export const ListQuery = z.object({
  words: z.array(z.string().max(TEXT_MAX)).max(WORDS_MAX),
  status: z.string().max(STATUS_MAX),
  before: z.number().int().positive().optional(),
});
export type ListQuery = z.output<typeof ListQuery>;

const STATUSES: Record<string, readonly Status[]> = {
  "": [],
  open: ["new", "open", "pending", "on_hold"],
  solved: ["solved", "closed"],
  new: ["new"],
  pending: ["pending"],
  on_hold: ["on_hold"],
  closed: ["closed"],
};

/** Words may come in any order; full-width spaces and colons count as the others. Of several statuses the first counts. */
export function readListQuery(text: string): ListQuery {
  const parts = searchable(text).split(/\s+/).filter(Boolean);
  const isStatus = (part: string) => part.toLowerCase().startsWith("status:");
  const status = parts.find(isStatus);
  return {
    words: parts.filter((part) => !isStatus(part)).slice(0, WORDS_MAX),
    status: status?.slice("status:".length).toLowerCase().slice(0, STATUS_MAX) ?? "",
  };
}

/** By its name here, or by the word that people read on the card. Undefined: there is no such status. */
export function statusesOf(
  query: ListQuery,
  words: readonly Record<Status, string>[] = [],
): readonly Status[] | undefined {
  if (Object.hasOwn(STATUSES, query.status)) return STATUSES[query.status];
  const named = words.flatMap((each) => Object.entries(each) as [Status, string][]); // its own keys
  const found = named.filter(([, word]) => searchable(word).toLowerCase() === query.status);
  return found.length > 0 ? found.map(([status]) => status) : undefined;
}

/** As it is compared, and short enough that it fits into a button's value (2,000 characters) in quotes and backslashes. */
function searchable(text: string): string {
  const printable = text.normalize("NFKC").replaceAll(/[^\P{Cc}\s]/gu, "");
  return printable
    .toWellFormed()
    .slice(0, TEXT_MAX)
    .replace(/[\ud800-\udbff]$/, "");
}

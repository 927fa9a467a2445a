import { z } from "zod";
import type { Status } from "#db/tables.ts";

export const PAGE = 8;
const WORDS_MAX = 10;

/** What `/tickets [words] [status:…]` asks for, and the value of its Next button. */
export const ListQuery = z.object({
  words: z.array(z.string().max(100)).max(WORDS_MAX),
  status: z.string().max(20),
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

/** Words may come in any order; full-width spaces and colons count as the others. */
export function readListQuery(text: string): ListQuery {
  const parts = text.normalize("NFKC").replaceAll("\u0000", "").split(/\s+/).filter(Boolean);
  const status = parts.find((part) => part.toLowerCase().startsWith("status:"));
  return {
    words: parts
      .filter((part) => part !== status)
      .slice(0, WORDS_MAX)
      .map((word) => word.slice(0, 100)),
    status: status?.slice("status:".length).toLowerCase().slice(0, 20) ?? "",
  };
}

/** Undefined: there is no such status. */
export function statusesOf(query: ListQuery): readonly Status[] | undefined {
  return Object.hasOwn(STATUSES, query.status) ? STATUSES[query.status] : undefined;
}

import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { Status } from "#db/tables.ts";
import type { Ticket } from "./store.ts";

export type TicketSearch = {
  words: readonly string[];
  statuses: readonly Status[];
  /** Numbers below this one: the next page. */
  before?: number | undefined;
};

/** A person's own tickets, newest first, one more than `limit` when there is a further page. */
export async function findOwnTickets(
  db: Db,
  who: { accountId: string; teamId: string; userId: string },
  search: TicketSearch,
  limit: number,
): Promise<Ticket[]> {
  let query = db
    .selectFrom("ticket")
    .selectAll()
    .where("account_id", "=", who.accountId)
    .where("requester_team_id", "=", who.teamId)
    .where("requester_user_id", "=", who.userId);
  if (search.statuses.length > 0) query = query.where("status", "in", search.statuses);
  if (search.before) query = query.where("number", "<", search.before);
  for (const word of search.words) {
    const pattern = `%${word.replaceAll(/[\\%_]/g, "\\$&")}%`;
    query = query.where(
      sql<boolean>`lower(normalize('DL-' || number || ' ' || subject || ' ' || description, NFKC))
        like lower(normalize(${pattern}, NFKC))`,
    );
  }
  return query
    .orderBy("number", "desc")
    .limit(limit + 1)
    .execute();
}

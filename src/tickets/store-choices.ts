import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { TicketRef } from "./store.ts";

/**
 * The steps that ask the requester something which nobody has answered: an offered workaround, and the last solution with
 * what announced its end. That the ticket is in a status in which they may answer, its own row says.
 */
export async function findUnanswered(
  db: Db,
  { accountId, ticketId }: TicketRef,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from workaround_offer
    where account_id = ${accountId} and ticket_id = ${ticketId} and answer is null
    union all
    select id from ticket_history
    where account_id = ${accountId} and ticket_id = ${ticketId} and event in ('solve', 'closing-announced')
      and at >= (select max(at) from ticket_history
        where account_id = ${accountId} and ticket_id = ${ticketId} and event = 'solve')`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

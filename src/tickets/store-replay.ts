import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { Ticket } from "./store.ts";

export type PastTicket = Pick<
  Ticket,
  | "number"
  | "topic"
  | "what"
  | "who"
  | "workaround"
  | "priority"
  | "asked_priority"
  | "contact_user_id"
  | "contact_email"
> & {
  account_name: string;
  /** Whether anybody was asked to be there, and after how many minutes the quickest answer came that somebody is. */
  asked: boolean;
  answeredInMinutes: number | null;
};

const PAGE = 1000;

/** All of them, in the order of their numbers, a page at a time. */
export async function* findPastTickets(db: Db): AsyncGenerator<PastTicket> {
  for (let after = 0; ; ) {
    const { rows } = await sql<PastTicket>`
      select number, topic, what, who, workaround, priority, asked_priority, contact_user_id, contact_email,
        account.name as account_name, asks.asked, asks.minutes as "answeredInMinutes"
      from ticket join account on account.id = ticket.account_id, lateral (
        select count(*) > 0 as asked, (min(extract(epoch from answered_at - asked_at))
          filter (where answer = 'here') / 60)::float8 as minutes
        from contact_ask where contact_ask.account_id = ticket.account_id and ticket_id = ticket.id
      ) as asks
      where number > ${after} order by number limit ${PAGE}`.execute(db);
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.number;
  }
}

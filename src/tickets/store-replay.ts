import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { Ticket } from "./store.ts";

export type PastTicket = Pick<
  Ticket,
  | "number"
  | "account_id"
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
  isSetByApi: boolean;
  /** How many times somebody was asked to be there, and when first; null: nobody was. */
  asks: number;
  askedMinutesAgo: number | null;
  /** After how many minutes the quickest answer came that somebody is. */
  answeredInMinutes: number | null;
};

const PAGE = 1000;

/** All of them, in the order of their numbers, a page at a time. */
export async function* findPastTickets(db: Db): AsyncGenerator<PastTicket> {
  for (let after = 0; ; ) {
    const { rows } = await sql<PastTicket>`
      select number, account_id, topic, what, who, workaround, priority, asked_priority, contact_user_id, contact_email,
        account.name as account_name, account.set_by_api_at is not null as "isSetByApi",
        asks.asks, asks."askedMinutesAgo", asks."answeredInMinutes"
      from ticket join account on account.id = ticket.account_id, lateral (
        select count(*)::int as asks, (extract(epoch from deskline_now() - min(asked_at)) / 60)::float8 as "askedMinutesAgo",
          (min(extract(epoch from answered_at - asked_at)) filter (where answer = 'here') / 60)::float8 as "answeredInMinutes"
        from contact_ask where contact_ask.account_id = ticket.account_id and ticket_id = ticket.id
      ) as asks
      where number > ${after} order by number limit ${PAGE}`.execute(db);
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.number;
  }
}

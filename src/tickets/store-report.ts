import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { Ticket } from "./store.ts";

/** One ticket that was filed in the period, and what became of it. */
export type ReportedTicket = Pick<
  Ticket,
  | "number"
  | "topic"
  | "priority"
  | "status"
  | "created_at"
  | "first_answered_at"
  | "merged_into_number"
> & {
  account: string;
  /** When it was last solved or closed, if it stayed so. One that was merged is solved with the other. */
  solvedAt: Date | null;
  reopened: number;
  /** Answers that came late, and calls to agents about it. */
  late: number;
  calls: number;
  score: "good" | "bad" | null;
  words: string | null;
};

/** Moments: from the first on, and before the second. */
export type Period = { from: Date; to: Date };

const PAGE = 1000;

/** In the order of their numbers, a page at a time. All accounts. */
export async function* findReported(db: Db, { from, to }: Period): AsyncGenerator<ReportedTicket> {
  for (let after = 0; ; ) {
    const { rows } = await sql<ReportedTicket>`
      select number, account.name as account, topic, priority, status, ticket.created_at, first_answered_at,
        merged_into_number, case when merged_into_id is null and status in ('solved', 'closed') then steps.solved end as "solvedAt", steps.reopened,
        calls.late, calls.calls, score, words
      from ticket join account on account.id = ticket.account_id
      left join satisfaction on satisfaction.ticket_id = ticket.id,
      lateral (
        select max(at) filter (where event = 'solve') as solved,
          (count(*) filter (where detail ->> 'from' = 'solved' and detail ->> 'to' = 'open'))::int as reopened
        from ticket_history as step
        where step.account_id = ticket.account_id and step.ticket_id = ticket.id
      ) as steps,
      lateral (
        select (count(*) filter (where kind = 'late'))::int as late, coalesce(sum(called), 0)::int as calls
        from ping where ping.ticket_id = ticket.id
      ) as calls
      where number > ${after} and ticket.created_at >= ${from} and ticket.created_at < ${to}
      order by number limit ${PAGE}`.execute(db);
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.number;
  }
}

export type Counts = {
  /** Customers' messages that arrived, and that could not be passed on. */
  arrived: number;
  failed: number;
  /** People who were named in the agents' channel because an answer was due or late. */
  calls: number;
};

export async function countInPeriod(db: Db, { from, to }: Period): Promise<Counts> {
  const { rows } = await sql<Counts>`
    select
      (select count(*)::int from receipt where kind = 'at-desk' and at >= ${from} and at < ${to}) as arrived,
      (select count(*)::int from receipt where kind = 'failed' and at >= ${from} and at < ${to}) as failed,
      (select coalesce(sum(called), 0)::int from ping where at >= ${from} and at < ${to}) as calls`.execute(
    db,
  );
  return rows[0] ?? { arrived: 0, failed: 0, calls: 0 };
}

export type HelpfulArticle = { article: string; helpful: number; votes: number };

/** Of the votes in the period: whom an article helped did not need to ask. */
export async function findHelpfulArticles(db: Db, { from, to }: Period): Promise<HelpfulArticle[]> {
  const { rows } = await sql<HelpfulArticle>`
    select article_id as article, (count(*) filter (where is_helpful))::int as helpful, count(*)::int as votes
    from article_vote where voted_at >= ${from} and voted_at < ${to}
    group by article_id order by helpful desc, article_id`.execute(db);
  return rows;
}

import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Priority } from "#db/tables.ts";
import type { TicketRef } from "./store.ts";
import type { Waiting } from "./targets.ts";

export type WaitingTicket = TicketRef &
  Waiting & {
    sinceText: string;
    now: Date;
    pinged: string[];
    assigneeId: string | null;
  };

const MOST = 5000;

/** Whose customer waits, the longest first, and what was said about that wait. All accounts. */
export async function findWaiting(db: Db): Promise<WaitingTicket[]> {
  const { rows } = await sql<WaitingTicket>`
    select ticket.account_id as "accountId", ticket.id as "ticketId", priority, account.plan,
      waits_since as since, waits_since::text as "sinceText", first_answered_at is null as "isFirst",
      deskline_now() as now, assignee_user_id as "assigneeId",
      array(select kind from ping
        where ping.ticket_id = ticket.id and ping.waits_since = ticket.waits_since) as pinged
    from ticket join account on account.id = ticket.account_id
    where waits_since is not null and status in ('new', 'open')
    order by waits_since limit ${MOST}`.execute(db);
  return rows;
}

export type Ping = { kind: "warning" | "late"; dueAt: Date; called: number };

/** False: it was said before, or the wait is over. The ticket is locked. */
export async function insertPing(
  tx: Tx,
  { accountId, ticketId, sinceText }: WaitingTicket,
  { kind, dueAt, called }: Ping,
): Promise<boolean> {
  const { rows } = await sql`
    insert into ping (ticket_id, kind, waits_since, account_id, due_at, called)
    select id, ${kind}, waits_since, account_id, ${dueAt}, ${called} from ticket
    where account_id = ${accountId} and id = ${ticketId} and waits_since = ${sinceText}::timestamptz
      and status in ('new', 'open')
    on conflict do nothing returning 1`.execute(tx);
  return rows.length > 0;
}

/** How long people really waited for a first answer, in minutes: half of them, and nine of ten, no longer. */
export type Measured = { half: number; ninety: number; count: number };

export async function measureFirstAnswers(
  db: Db,
  { priority, plan }: { priority: Priority; plan: "free" | "paid" },
): Promise<Measured> {
  const { rows } = await sql<Measured>`
    select count(*)::int as count,
      coalesce(percentile_disc(0.5) within group (order by waited), 0)::float8 as half,
      coalesce(percentile_disc(0.9) within group (order by waited), 0)::float8 as ninety
    from (
      select extract(epoch from first_answered_at - ticket.created_at) / 60 as waited
      from ticket join account on account.id = ticket.account_id
      where priority = ${priority} and account.plan = ${plan}
        and first_answered_at > deskline_now() - interval '90 days'
    ) as answered`.execute(db);
  return rows[0] ?? { half: 0, ninety: 0, count: 0 };
}

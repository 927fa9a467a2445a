import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { saveAccount, saveInstallation } from "#accounts/store.ts";
import type { Db } from "#db/connect.ts";
import { CHANNEL } from "./load.ts";

const LOOK_AGAIN_MS = 50; // whoever looks a hundred times a second takes a thirtieth of two cores
const TABLES = [
  ...(["job", "lane", "outside_write", "ticket_history"] as const),
  ...(["ticket_thread", "ticket"] as const),
];

/** What a first start of Deskline leaves in the database. */
export async function connectHome(db: Db): Promise<void> {
  await saveAccount(db, { id: "home", name: "Home", plan: "paid" });
  await saveInstallation(db, {
    teamId: "T1",
    teamName: "Home",
    accountId: undefined,
    isHome: true,
    botToken: "xoxb-bench",
    botUserId: "U0APP",
    botId: "B1",
  });
}

/**
 * So many tickets that wait to be filed, and nothing else: not due yet. Their cards are held back, for a channel takes
 * one a second, and what is measured is the filing.
 */
export async function seedBacklog(db: Db, count: number): Promise<void> {
  await empty(db);
  await holdCards(db);
  await insertTickets(db, count);
  await sql`
    insert into job (name, payload, run_at, due_at)
    select 'ticket.file', jsonb_build_object('accountId', account_id, 'ticketId', id),
      now() + interval '1 hour', now() from ticket`.execute(db);
  await sql`vacuum analyze job, ticket`.execute(db);
}

/** One ticket in each channel, with so many messages for its thread that wait, first the first of each. Not due yet. */
export async function seedMessages(
  db: Db,
  { channels, messages }: { channels: number; messages: number },
): Promise<void> {
  await empty(db);
  await insertTickets(db, channels);
  await sql`update ticket set card_channel_id = 'C' || number, card_ts = '1.1'`.execute(db);
  await sql`insert into lane (key) select 'channel/T1/C' || number from ticket`.execute(db);
  await sql`
    with told as (
      insert into ticket_history (account_id, ticket_id, event, actor_kind, actor_name)
      select account_id, id, 'reply', 'agent', 'bench-' || n
      from ticket, generate_series(1, ${messages}::int) as n
      returning id, ticket_id, actor_name
    )
    insert into job (name, payload, lane, run_at, due_at)
    select 'ticket.tell-customer', jsonb_build_object(
        'accountId', 'home', 'ticketId', ticket.id, 'historyId', told.id),
      'channel/T1/' || card_channel_id, now() + interval '1 hour', now()
    from told join ticket on ticket.id = ticket_id
    order by length(told.actor_name), told.actor_name`.execute(db);
  await sql`vacuum analyze job, ticket`.execute(db);
}

export async function holdCards(db: Db): Promise<void> {
  await sql`insert into lane (key, next_at) values (${`channel/T1/${CHANNEL}`}, now() + interval '1 day')`.execute(
    db,
  );
}

export async function empty(db: Db): Promise<void> {
  await connectHome(db);
  // Not TRUNCATE, which may end in a deadlock with a worker that is looking for jobs.
  for (const table of TABLES) await db.deleteFrom(table).execute();
}

export async function insertTickets(db: Db, count: number): Promise<void> {
  await sql`
    insert into ticket (account_id, subject, description, what, who, workaround, priority, language,
      requester_team_id, requester_user_id, requester_name, asked_team_id, asked_channel_id)
    select 'home', 'bench', 'Nothing works since nine o''clock.', 'nothing-works', 'all', 'none',
      'urgent', 'en', 'T1', 'U1', 'una', 'T1', ${CHANNEL} from generate_series(1, ${count})`.execute(
    db,
  );
}

/** All that waits is due now; answers the milliseconds until the last of it is done. */
export async function timeOfAll(db: Db, name: "ticket.file" | "ticket.tell-customer") {
  const began = performance.now();
  await sql`update job set run_at = now() where name = ${name} and done_at is null`.execute(db);
  await sql`select pg_notify('job', '')`.execute(db);
  while (await isWaiting(db, name)) await sleep(LOOK_AGAIN_MS);
  return performance.now() - began;
}

async function isWaiting(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql`
    select from job where name = ${name} and done_at is null and dead_at is null limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

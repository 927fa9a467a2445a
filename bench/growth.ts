import pg from "pg";
import { connect, type Db } from "#db/connect.ts";
import type { Desk } from "#desk/desk.ts";
import { claimDue } from "#jobs/claims.ts";
import { type JobContext, runJob } from "#jobs/run.ts";
import type { TicketNeeds } from "#tickets/jobs.ts";
import { deskJobs } from "#tickets/jobs-desk.ts";
import { contextOf } from "../test/support/jobs.ts";
import { empty, holdCards } from "./backlog.ts";
import { submit } from "./intake.ts";
import { inTurn, median, quantile } from "./load.ts";
import type { Row } from "./rows.ts";
import type { World } from "./world.ts";

const MANY = 1_000_000;
const ROUNDS = 600; // one ticket each: what slows the machine for a moment falls on both

/** What filing one ticket costs, from its submission to the end of its job, in an empty database and in a full one. */
export async function benchGrowth(world: World): Promise<Row[]> {
  const urls = { empty: await world.freshDatabase(), full: await world.freshDatabase() };
  await using small = await connect({ url: urls.empty });
  await using large = await connect({ url: urls.full });
  for (const { db } of [small, large]) {
    await empty(db);
    await holdCards(db);
  }
  const finished = world.quick ? MANY / 20 : MANY;
  await fill(urls.full, finished);
  const costs = await inTurn(world.quick ? ROUNDS / 6 : ROUNDS, {
    empty: () => timeOfFiling(small.db),
    full: () => timeOfFiling(large.db),
  });
  return [
    {
      what: `filing one ticket among ${finished.toLocaleString("en")} finished tickets and jobs; the baseline is an empty database`,
      unit: "ms",
      ours: median(costs.full),
      p99: quantile(costs.full, 0.99),
      baseline: median(costs.empty),
      goal: { atMost: 1.3 },
    },
  ];
}

async function timeOfFiling(db: Db): Promise<number> {
  const began = performance.now();
  await submit(db);
  for (const job of await claimDue(db, 10)) await runJob(contextAt(db), job);
  return performance.now() - began;
}

function contextAt(db: Db): JobContext {
  const desk: Desk = {
    name: "at-once",
    create: async () => ({ id: "1", url: undefined }),
    change: async () => {},
  };
  return contextOf(db, deskJobs({ db, desk } as TicketNeeds)); // filing needs no more of it
}

/** Rows as a year of filing leaves them; without the checks of foreign keys, which hold by the way they are made. */
async function fill(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("set session_replication_role = replica; set synchronous_commit = off");
  for (const text of FINISHED) await client.query(text.replace("$1", String(count)));
  await client.query("vacuum analyze");
  await client.end();
}

const FINISHED = [
  `insert into ticket (account_id, subject, description, what, who, workaround, priority, status,
     language, requester_team_id, requester_user_id, requester_name, asked_team_id,
     asked_channel_id, card_channel_id, card_ts, desk_name, desk_id)
   select 'home', 'bench ' || n, 'Nothing works since nine o''clock.', 'nothing-works', 'all', 'none',
     'urgent', 'closed', 'en', 'T1', 'U' || n % 5000, 'una', 'T1', 'C' || n % 500, 'C' || n % 500,
     n::text, 'at-once', n::text
   from generate_series(1, $1) as n`,
  `insert into ticket_history (account_id, ticket_id, event, actor_kind, actor_name)
   select account_id, id, 'filed', 'requester', 'una' from ticket`,
  `insert into ticket_thread (team_id, channel_id, ts, account_id, ticket_id)
   select 'T1', card_channel_id, card_ts, account_id, id from ticket`,
  "insert into inbox (source, key, answer) select 'slack.view', 'V' || number, '{}' from ticket",
  `insert into outside_write (key, reference, referenced_at)
   select 'desk:create:' || id, '{"id": "1"}', now() from ticket`,
  `insert into job (name, payload, attempts, done_at)
   select 'ticket.file', jsonb_build_object('accountId', account_id, 'ticketId', id), 1, now()
   from ticket`,
  `insert into job (name, payload, key, lane, attempts, done_at)
   select 'ticket.post-card', jsonb_build_object('accountId', account_id, 'ticketId', id, 'to', 'channel'),
     'ticket.post-card:' || id || ':channel:', 'channel/T1/' || card_channel_id, 1, now()
   from ticket`,
];

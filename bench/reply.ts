import { randomUUID } from "node:crypto";
import pg from "pg";
import { saveAccount, saveInstallation } from "#accounts/store.ts";
import { connect } from "#db/connect.ts";
import type { TicketRef } from "#tickets/store.ts";
import { saveCard } from "#tickets/store-cards.ts";
import { submitTicket } from "#tickets/submit.ts";
import { CHANNEL, hammer, median, post, quantile, threadReply } from "./load.ts";
import type { Row } from "./rows.ts";
import { startServer } from "./start-server.ts";
import type { World } from "./world.ts";

const TEAM = "T2"; // a customer's: nobody there can be an agent
const TICKETS = 20;
const ROUNDS = 7;
const POOL = 20;

/** A reply in the thread of a ticket, committed and acknowledged; one connection after the other, as people write. */
export async function benchReply(world: World): Promise<Row[]> {
  await using bare = await startServer("./servers/bare-bolt.ts", world.slack);
  const databaseUrl = await world.freshDatabase();
  const threads = await openThreads(databaseUrl);
  await using deskline = await startServer("../src/main.ts", {
    ...world.deskline,
    DATABASE_URL: databaseUrl,
    DESKLINE_ROLE: "web",
  });
  await using same = openSameReply(databaseUrl);
  const times = { bare: [], inserts: [], reply: [] } as Record<string, number[]>;
  let count = 0;
  const next = () => {
    count += 1;
    const thread = threads[count % threads.length];
    if (!thread) throw new Error("There is no thread.");
    return thread;
  };
  const total = world.quick ? 60 : 300;
  const kinds = {
    bare: () => post(bare.url, threadReply(TEAM, next().root)),
    inserts: () => same.insert(next().ref),
    reply: () => post(deskline.url, threadReply(TEAM, next().root)),
  };
  for (const each of Object.values(kinds)) await hammer(total, 1, each); // warm
  for (let round = 0; round < (world.quick ? 1 : ROUNDS); round += 1) {
    for (const [name, each] of Object.entries(kinds))
      times[name]?.push(...(await hammer(total, 1, each)));
  }
  const { bare: floor = [], inserts = [], reply = [] } = times;
  return [
    {
      what: "a reply in a ticket's thread, committed and acknowledged",
      unit: "ms",
      ours: median(reply),
      p99: quantile(reply, 0.99),
      baseline: median(floor) + median(inserts),
      goal: { atMost: 1.3 },
    },
  ];
}

type Thread = { ref: TicketRef; root: string };

async function openThreads(url: string): Promise<Thread[]> {
  await using database = await connect({ url });
  const { db } = database;
  await saveAccount(db, { id: "acme", name: "Acme", plan: "paid" });
  const app = { botToken: "xoxb-acme", botUserId: "U2BOT", botId: "B2BOT" };
  await saveInstallation(db, {
    ...app,
    ...{ teamId: TEAM, teamName: "Acme", accountId: "acme", isHome: false },
  });
  const threads: Thread[] = [];
  for (let n = 0; n < TICKETS; n += 1) {
    await submitTicket(db, DRAFT, {
      key: randomUUID(),
      ...{ teamId: TEAM, channelId: CHANNEL },
      requester: { userId: "U2", name: "una", language: "en" },
    });
    const { id } = await db
      .selectFrom("ticket")
      .select("id")
      .orderBy("number", "desc")
      .executeTakeFirstOrThrow();
    const ref = { accountId: "acme", ticketId: id };
    const root = `${1_700_000_000 + n}.000100`;
    await db.transaction().execute((tx) => saveCard(tx, ref, { channelId: CHANNEL, ts: root }));
    threads.push({ ref, root });
  }
  return threads;
}

const DRAFT = {
  subject: "bench",
  description: "Nothing works since nine.",
  what: "nothing-works",
  who: "all",
  workaround: "none",
  priority: "normal",
} as const;

/** What committing such a reply costs anyway: the same rows in one transaction through `pg`. */
function openSameReply(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: POOL });
  return {
    async insert(ref: TicketRef): Promise<number> {
      const began = performance.now();
      const client = await pool.connect();
      try {
        await insertAll(client, ref);
      } finally {
        client.release();
      }
      return performance.now() - began;
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

async function insertAll(client: pg.PoolClient, { accountId, ticketId }: TicketRef): Promise<void> {
  const [id, key] = [randomUUID(), randomUUID()];
  const own = [accountId, ticketId];
  const about = JSON.stringify({ accountId, ticketId, historyId: id });
  await client.query("begin");
  await client.query("select * from ticket where account_id = $1 and id = $2 for update", own);
  await client.query("insert into inbox (source, key, answer) values ('slack.message', $1, '{}')", [
    key,
  ]);
  await client.query(
    "update ticket set status = 'open', version = version + 1, updated_at = now() where account_id = $1 and id = $2",
    own,
  );
  await client.query(
    `insert into ticket_history (id, account_id, ticket_id, event, actor_kind, actor_name)
    values ($1, $2, $3, 'inform', 'requester', 'una')`,
    [id, ...own],
  );
  await client.query(
    `insert into comment (id, account_id, ticket_id, kind, author_kind, author_name, body, team_id, channel_id, ts)
    values ($1, $2, $3, 'information', 'requester', 'una', 'It still says 503.', 'T2', $4, $5)`,
    [id, ...own, CHANNEL, key],
  );
  for (const name of ["ticket.edit-card", "ticket.tell-agents", "ticket.tell-desk"]) {
    await client.query("insert into job (name, payload, run_at) values ($1, $2, 'infinity')", [
      name,
      about,
    ]);
  }
  await client.query("commit");
}

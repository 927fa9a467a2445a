import pg from "pg";

/** The four inserts of a submission in one transaction through `pg`, nothing else: what committing costs anyway. */
export type SameInserts = AsyncDisposable & { insert(): Promise<number> };

const POOL = 20; // as many connections as Deskline's own pool
const TICKET = `
  insert into ticket (account_id, subject, description, what, who, workaround, priority, language,
    requester_team_id, requester_user_id, requester_name, asked_team_id, asked_channel_id)
  values ('home', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id, number`;
const WHAT = ["bench", "Nothing works since nine.", "nothing-works", "all", "none", "urgent"];
const ROW = [...WHAT, "en", "T1", "U1", "una", "T1", "C0ASKED"];
const HISTORY = `
  insert into ticket_history (account_id, ticket_id, event, actor_kind, actor_name)
  values ('home', $1, 'filed', 'requester', 'una')`;

/** `isPrepared`: each connection parses and plans them once, as Deskline does. */
export async function openSameInserts(
  url: string,
  { isPrepared }: { isPrepared: boolean },
): Promise<SameInserts> {
  const pool = new pg.Pool({ connectionString: url, max: POOL });
  let count = 0;
  return {
    async insert() {
      count += 1;
      const key = `same-${process.pid}-${count}`;
      const began = performance.now();
      const client = await pool.connect();
      try {
        await insertAll(client, key, isPrepared);
      } finally {
        client.release();
      }
      return performance.now() - began;
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

async function insertAll(client: pg.PoolClient, key: string, isPrepared: boolean): Promise<void> {
  const ask = (name: string, text: string, values: unknown[]) =>
    client.query({ text, values, ...(isPrepared && { name }) });
  await client.query("begin");
  const { rows } = await ask("ticket", TICKET, ROW);
  const id = rows[0].id;
  await ask("inbox", "insert into inbox (source, key, answer) values ('slack.view', $1, '{}')", [
    key,
  ]);
  await ask("history", HISTORY, [id]);
  await ask(
    "job",
    "insert into job (name, payload, run_at) values ('ticket.file', $1, 'infinity')",
    [JSON.stringify({ accountId: "home", ticketId: id })],
  );
  await client.query("commit");
}

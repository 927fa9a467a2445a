import pg from "pg";

/** The four inserts of a submission in one transaction through `pg`, nothing else: what committing costs anyway. */
export type SameInserts = AsyncDisposable & { insert(): Promise<number> };

const POOL = 20; // as many connections as Deskline's own pool

export async function openSameInserts(url: string): Promise<SameInserts> {
  const pool = new pg.Pool({ connectionString: url, max: POOL });
  let count = 0;
  return {
    async insert() {
      count += 1;
      const mine = count;
      const began = performance.now();
      const client = await pool.connect();
      try {
        await client.query("begin");
        const { rows } = await client.query(
          `insert into ticket (account_id, subject, description, what, who, workaround, priority,
             language, requester_team_id, requester_user_id, requester_name, asked_team_id,
             asked_channel_id)
           values ('home', 'bench', 'Nothing works since nine.', 'nothing-works', 'all', 'none',
             'urgent', 'en', 'T1', 'U1', 'una', 'T1', 'C0ASKED') returning id, number`,
        );
        const id = rows[0].id;
        await client.query(
          "insert into inbox (source, key, answer) values ('slack.view', $1, $2)",
          [`same-${process.pid}-${mine}`, "{}"],
        );
        await client.query(
          `insert into ticket_history (account_id, ticket_id, event, actor_kind, actor_name)
           values ('home', $1, 'filed', 'requester', 'una')`,
          [id],
        );
        await client.query(
          `insert into job (name, payload, run_at) values ('ticket.file', $1, 'infinity')`,
          [JSON.stringify({ accountId: "home", ticketId: id })],
        );
        await client.query("commit");
      } finally {
        client.release();
      }
      return performance.now() - began;
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { openDesk } from "./file-at-desk.ts";

/** The floor of filing: claims 20 rows, calls the desk for all of them at once, marks them done; remembers nothing else. */
const { DATABASE_URL, DESK_URL, DESK_SECRET } = process.env;
const ROWS = 20;
const IDLE_MS = 5;
const pool = new pg.Pool({ connectionString: DATABASE_URL ?? "" });
const fileAtDesk = openDesk({ url: DESK_URL ?? "", secret: DESK_SECRET ?? "" });

const CLAIM = {
  name: "claim",
  text: `
    with due as (
      select id from job where name = 'ticket.file' and done_at is null and run_at <= now()
        and leased_until is null
      order by run_at limit $1 for update skip locked
    ),
    claimed as (
      update job set leased_until = now() + interval '15 seconds' from due where job.id = due.id
      returning job.id, (job.payload ->> 'ticketId')::uuid as ticket_id
    )
    select claimed.id as job, ticket.* from claimed join ticket on ticket.id = claimed.ticket_id`,
  values: [ROWS],
};

process.once("SIGTERM", () => process.exit(0));
process.stdout.write(`${JSON.stringify({ port: 0 })}\n`);
for (;;) {
  const { rows } = await pool.query(CLAIM);
  await Promise.all(rows.map(({ job, ...ticket }) => fileAtDesk(job, ticket)));
  const done = [rows.map(({ job }) => job)];
  const text = "update job set done_at = now() where id = any($1)";
  if (rows.length > 0) await pool.query({ name: "done", text, values: done });
  else await sleep(IDLE_MS);
}

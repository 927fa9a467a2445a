import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db, Tx } from "#db/connect.ts";
import type { Ticket } from "#tickets/store.ts";
import { isStillUnsaid } from "#tickets/store-contact.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const JOBS = 10_000;
const AT_ONCE = 1000; // a query is cut off after 5 s
const TICKET = "0b9f5c3e-6f0d-4c55-9d6a-2f3a1f0c7e11";

let known: TestDatabase;
let surprised: TestDatabase;
beforeAll(async () => {
  [known, surprised] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await addJobs(known.db);
  await sql`vacuum analyze job`.execute(known.db);
  // As after an hour without a job: the planner has seen an empty table, and then many come at once.
  await sql`alter table job set (autovacuum_enabled = off)`.execute(surprised.db);
  await sql`vacuum analyze job`.execute(surprised.db);
  await addJobs(surprised.db);
});
afterAll(() => Promise.all([known, surprised].map((database) => database[Symbol.asyncDispose]())));

it.each([
  ["asking", "known"],
  ["falling", "known"],
  ["asking", "surprised"],
  ["falling", "surprised"],
] as const)(
  "what is unsaid of a ticket that is %s is found by the index of its ticket, where 10,000 waiting jobs are %s",
  async (contact_state, which) => {
    const { db } = { known, surprised }[which];
    const ticket = { id: TICKET, contact_state, contact_due_at: new Date() } as Ticket; // all that is read of it

    const [before, after] = await db.transaction().execute(async (tx) => {
      const known = await countScans(tx);
      expect(await isStillUnsaid(tx, ticket)).toBe(false);
      return [known, await countScans(tx)] as const;
    });

    expect(after).toEqual({ ...before, byTicket: before.byTicket + 1 });
  },
);

async function addJobs(db: Db): Promise<void> {
  for (let added = 0; added < JOBS; added += AT_ONCE) {
    await sql`
      insert into job (name, payload)
      select 'ticket.tell-agents', jsonb_build_object('ticketId', gen_random_uuid())
      from generate_series(1, ${AT_ONCE}::integer)`.execute(db);
  }
}

type Scans = { walks: number; byTicket: number };

/** Of this connection until now: reads of the whole table, and reads of the index. */
async function countScans(tx: Tx): Promise<Scans> {
  const { rows } = await sql<Scans>`
    select pg_stat_get_xact_numscans('job'::regclass)::integer as walks,
      pg_stat_get_xact_numscans('job_ticket'::regclass)::integer as "byTicket"`.execute(tx);
  return rows[0] ?? { walks: Number.NaN, byTicket: Number.NaN };
}

import { sql } from "kysely";
import type { Db } from "#db/connect.ts";

export type FiledTicket = {
  id: string;
  number: string;
  subject: string;
  /** Milliseconds from the commit of the submission to the reference of the desk. */
  waitedMs: number | null;
  createdAt: Date;
  filedAt: Date | null;
};

export async function findTickets(db: Db): Promise<FiledTicket[]> {
  const { rows } = await sql<FiledTicket>`
    select ticket.id, 'DL-' || number as number, subject, created_at as "createdAt",
      referenced_at as "filedAt",
      extract(epoch from referenced_at - created_at)::float8 * 1000 as "waitedMs"
    from ticket left join outside_write on key = 'desk:create:' || ticket.id`.execute(db);
  return rows;
}

/** Tickets that the desk does not have yet, of those whose subject begins with this. */
export async function countUnfiled(db: Db, mark = ""): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ticket where desk_id is null and starts_with(subject, ${mark})`.execute(
    db,
  );
  return rows[0]?.count ?? Number.NaN;
}

export async function countDeadJobs(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from job where dead_at is not null`.execute(db);
  return rows[0]?.count ?? Number.NaN;
}

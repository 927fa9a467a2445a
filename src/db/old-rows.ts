import { type RawBuilder, sql } from "kysely";
import type { Db } from "./connect.ts";

/** Old is what has this time, and has had it for so long. */
type Rule = { at: string; length: string; and?: RawBuilder<unknown> };

/**
 * What nobody asks for any more. Tickets, their history and the embedded desk's record are kept for ever; a job that
 * was given up, until the operator retries or drops it.
 */
const rules = {
  job: { at: "done_at", length: "30 days" },
  // Slack repeats for some minutes, a desk for some days; an older delivery would be taken as new.
  inbox: { at: "received_at", length: "30 days" },
  // A job that runs again looks for its own mark: none goes that is as old as a job that still may.
  outside_write: {
    at: "intended_at",
    length: "90 days",
    and: sql`intended_at < ${oldestLivingJob()}`,
  },
  // What it names is looked for by the outside write.
  catch_up: { at: "at", length: "90 days" },
  // Slack is asked again about whoever comes back.
  person: { at: "seen_at", length: "1 year" },
  // What nobody confirmed within a day; what was filed is a ticket.
  web_request: { at: "created_at", length: "24 hours" },
  // What an agent wrote and did not send, or what has become a comment.
  outgoing_comment: { at: "written_at", length: "30 days" },
  web_limit: { at: "ends_at", length: "1 hour" },
  operator_notice: { at: "cleared_at", length: "90 days" },
} as const satisfies Record<string, Rule>;

export type KeptTable = keyof typeof rules;
export const KEPT_TABLES = Object.keys(rules) as KeptTable[]; // Object.keys calls its keys strings

/** Removes the oldest rows, at most `limit`, and answers how many. What somebody holds is left for the next time. */
export async function clearOldRows(db: Db, table: KeptTable, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await clearing(table, limit).execute(db);
  return Number(numAffectedRows);
}

export function clearing(table: KeptTable, limit: number): RawBuilder<unknown> {
  const { at, length, and = sql`true` }: Rule = rules[table];
  return sql`
    delete from ${sql.table(table)} where ctid = any (array(
      select ctid from ${sql.table(table)}
      where ${sql.ref(at)} < deskline_now() - ${sql.lit(length)}::interval and ${and}
      order by ${sql.ref(at)} limit ${limit} for update skip locked
    ))`;
}

/** In three parts, for each has an index of its own. */
function oldestLivingJob(): RawBuilder<unknown> {
  const unfinished = sql`done_at is null and dead_at is null`;
  return sql`coalesce(least(
    (select min(created_at) from job where lane is null and ${unfinished}),
    (select min(created_at) from job where lane is not null and ${unfinished}),
    (select min(created_at) from job where dead_at is not null)
  ), 'infinity')`;
}

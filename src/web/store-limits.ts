import { sql } from "kysely";
import type { Db } from "#db/connect.ts";

export type Counted = { key: string; count: number; leftS: number };

/** Counts one more under each key, and answers how often it was within the time that began with the first. */
export async function countOnce(
  db: Db,
  keys: readonly string[],
  withinS: number,
): Promise<Counted[]> {
  const sorted = [...keys].sort(); // two that count the same keys lock them in the same order
  const ends = sql`deskline_now() + ${withinS} * interval '1 second'`;
  const { rows } = await sql<Counted>`
    insert into web_limit as l (key, count, ends_at)
    select key, 1, ${ends} from unnest(${sorted}::text[]) with ordinality as k (key, n) order by n
    on conflict (key) do update set
      count = case when l.ends_at <= deskline_now() then 1 else l.count + 1 end,
      ends_at = case when l.ends_at <= deskline_now() then excluded.ends_at else l.ends_at end
    returning key, count, extract(epoch from ends_at - deskline_now())::float8 as "leftS"`.execute(
    db,
  );
  return rows;
}

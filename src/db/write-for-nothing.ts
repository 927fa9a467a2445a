import { sql } from "kysely";
import type { Db } from "./connect.ts";

const undone = new Error("written for nothing");

/**
 * Writes 8 KB and takes them back: a server that answers may still be read-only, or its disk full. As much as that
 * because a small row may find room in a page that is there already.
 */
export async function writeForNothing(db: Db): Promise<void> {
  const writing = db.transaction().execute(async (tx) => {
    await sql`
      insert into inbox (source, key, answer)
      select 'nobody', gen_random_uuid()::text, to_jsonb(string_agg(md5(random()::text), ''))
      from generate_series(1, 256)`.execute(tx);
    throw undone;
  });
  await writing.catch((error: unknown) => {
    if (error !== undone) throw error;
  });
}

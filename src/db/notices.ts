import { sql } from "kysely";
import type { Logger } from "pino";
import type { Db } from "./connect.ts";

/** What the operator must know: said once, and again when it changes; kept until it is mended. */
export type Notices = {
  raise(key: string, detail: string): Promise<void>;
  clear(key: string): Promise<void>;
};

export function createNotices(db: Db, log: Logger): Notices {
  return {
    async raise(key, detail) {
      if (await raiseNotice(db, key, detail))
        log.error({ notice: key, detail }, "the operator is needed");
    },
    async clear(key) {
      if (await clearNotice(db, key)) {
        log.info({ notice: key }, "what the operator was needed for is mended");
      }
    },
  };
}

/** True when it is news. By itself where a change raises it, in its transaction. */
export async function raiseNotice(db: Db, key: string, detail: string): Promise<boolean> {
  const { rows } = await sql`
    insert into operator_notice (key, detail) values (${key}, ${detail})
    on conflict (key) do update
      set detail = excluded.detail, noticed_at = deskline_now(), cleared_at = null
      where operator_notice.cleared_at is not null or operator_notice.detail <> excluded.detail
    returning 1`.execute(db);
  return rows.length > 0;
}

/** True when it was open until now. */
export async function clearNotice(db: Db, key: string): Promise<boolean> {
  const { rows } = await sql`
    update operator_notice set cleared_at = deskline_now()
    where key = ${key} and cleared_at is null returning 1`.execute(db);
  return rows.length > 0;
}

export async function findOpenNotices(db: Db): Promise<{ key: string; detail: string }[]> {
  return db
    .selectFrom("operator_notice")
    .select(["key", "detail"])
    .where("cleared_at", "is", null)
    .orderBy("key")
    .execute();
}

/** How many are open, by the part of their key before the colon. */
export async function countOpenNotices(db: Db): Promise<Record<string, number>> {
  const open = await findOpenNotices(db);
  const counts: Record<string, number> = {};
  for (const { key } of open) {
    const kind = key.split(":")[0] ?? "";
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

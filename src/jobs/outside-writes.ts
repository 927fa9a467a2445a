import { sql } from "kysely";
import type { Db } from "#db/connect.ts";

export async function findOutsideWrite(db: Db, key: string) {
  return db
    .selectFrom("outside_write")
    .select(["intended_at", "reference"])
    .where("key", "=", key)
    .executeTakeFirst();
}

/** False when it was intended before. */
export async function saveIntent(db: Db, key: string): Promise<boolean> {
  const saved = await db
    .insertInto("outside_write")
    .values({ key, account_id: null, reference: null, referenced_at: null })
    .onConflict((oc) => oc.column("key").doNothing())
    .returning("key")
    .executeTakeFirst();
  return saved !== undefined;
}

/** Answers the reference that stands: the first. A second one would be a double, and nobody would know of the first. */
export async function saveReference(
  db: Db,
  key: string,
  reference: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const saved = await db
    .updateTable("outside_write")
    .set({
      reference: sql<string>`coalesce(reference, ${JSON.stringify(reference)}::jsonb)`,
      referenced_at: sql<Date>`coalesce(referenced_at, deskline_now())`,
    })
    .where("key", "=", key)
    .returning("reference")
    .executeTakeFirst();
  return saved?.reference ?? reference;
}

import { sql } from "kysely";
import type { Db } from "#db/connect.ts";

export async function findOutsideWrite(db: Db, key: string) {
  return db
    .selectFrom("outside_write")
    .select(["intended_at", "reference"])
    .where("key", "=", key)
    .executeTakeFirst();
}

export async function saveIntent(db: Db, key: string): Promise<void> {
  await db
    .insertInto("outside_write")
    .values({ key, account_id: null, reference: null, referenced_at: null })
    .onConflict((oc) => oc.column("key").doNothing())
    .execute();
}

/** The first reference stands: a second one would be a double, and nobody would know of the first. */
export async function saveReference(
  db: Db,
  key: string,
  reference: Record<string, unknown>,
): Promise<void> {
  await db
    .updateTable("outside_write")
    .set({ reference: JSON.stringify(reference), referenced_at: sql<Date>`deskline_now()` })
    .where("key", "=", key)
    .where("reference", "is", null)
    .execute();
}

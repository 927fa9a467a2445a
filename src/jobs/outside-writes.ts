import { type RawBuilder, sql } from "kysely";
import type { Db } from "#db/connect.ts";
import { type ClaimedJob, keptClaim } from "./queue.ts";

export async function findOutsideWrite(db: Db, key: string) {
  return db
    .selectFrom("outside_write")
    .select(["intended_at", "reference"])
    .where("key", "=", key)
    .executeTakeFirst();
}

/** Those of these keys that were intended. */
export async function findIntended(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom("outside_write")
    .select("key")
    .where("key", "in", keys)
    .execute();
  return new Set(rows.map(({ key }) => key));
}

/**
 * The intent, saved only while the job is still this worker's, whose lease begins again: one round trip right before
 * the outside write. "known": it was intended before. "lost": another worker has the job.
 */
export async function saveIntent(
  db: Db,
  key: string,
  job: ClaimedJob,
): Promise<"new" | "known" | "lost"> {
  const { rows } = await sql<{ isMine: boolean; isNew: boolean }>`
    with ${keptClaim(job)},
    intended as (
      insert into outside_write (key) select ${key} from kept on conflict (key) do nothing returning key
    )
    select exists (select from kept) as "isMine", exists (select from intended) as "isNew"`.execute(
    db,
  );
  const [intent] = rows;
  if (!intent?.isMine) return "lost";
  return intent.isNew ? "new" : "known";
}

/** The other side said no: it is certain that nothing stands, and the next run begins anew. */
export async function withdrawIntent(db: Db, key: string): Promise<void> {
  await db
    .deleteFrom("outside_write")
    .where("key", "=", key)
    .where("reference", "is", null)
    .execute();
}

/** The table `referenced`, which has a row when no reference stood yet: this one does now. */
export function referenced(key: string, reference: Record<string, unknown>): RawBuilder<unknown> {
  return sql`
    referenced as (
      update outside_write set reference = ${JSON.stringify(reference)}::jsonb,
        referenced_at = deskline_now()
      where key = ${key} and reference is null returning key
    )`;
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

/** Of what was sent nothing is known any more but that it was. */
export async function redactReference(
  db: Db,
  key: string,
  reference: Record<string, unknown>,
): Promise<void> {
  await db
    .updateTable("outside_write")
    .set({ reference: JSON.stringify(reference) })
    .where("key", "=", key)
    .where("reference", "is not", null)
    .execute();
}

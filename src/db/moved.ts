import { sql } from "kysely";
import { CannotStart } from "#errors.ts";
import type { Db } from "./connect.ts";

/** Where the rows of an embedded database go; `leftAt` is set once all of them are there. */
export type Departure = { id: string; place: string; leftAt: Date | null };

/** Two databases with the same jobs would file the same tickets: only one of them may go to work, and only when whole. */
export async function refuseMoved(db: Db): Promise<void> {
  const { rows } = await sql<{ isHalf: boolean }>`
    select to_regclass('half_moved') is not null as "isHalf"`.execute(db);
  if (rows[0]?.isHalf)
    throw new CannotStart(
      "Only a part of the rows has been moved into this database. Run `npm run deskline -- move` again as it was begun: it goes on where it stopped.",
    );
  const departure = await findDeparture(db);
  if (departure) throw new CannotStart(whereItWent(departure));
}

export function whereItWent({ place, leftAt }: Departure): string {
  if (leftAt)
    return `This embedded database was moved to ${place} on ${leftAt.toISOString().slice(0, 10)}: set DATABASE_URL to that one. (docs/move-to-postgres.md says how to come back.)`;
  return `This embedded database is on its way to ${place}: run \`npm run deskline -- move\` again, and it goes on where it stopped. (With --undo instead of --to it stays here.)`;
}

export async function findDeparture(db: Db): Promise<Departure | undefined> {
  const { rows: table } = await sql`select where to_regclass('moved_to') is not null`.execute(db);
  if (table.length === 0) return undefined;
  const { rows } = await sql<Departure>`
    select id, place, left_at as "leftAt" from moved_to`.execute(db);
  return rows[0];
}

/** From now on no Deskline starts on it. Answers the name of this move. */
export async function markDeparture(db: Db, place: string): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await sql`create table if not exists moved_to (
      id uuid primary key default gen_random_uuid(), place text not null, left_at timestamptz
    )`.execute(tx);
    const { rows } = await sql<{ id: string }>`
      insert into moved_to (place) values (${place}) returning id`.execute(tx);
    return rows[0]?.id ?? "";
  });
}

export async function markLeft(db: Db): Promise<void> {
  await sql`update moved_to set left_at = now() where left_at is null`.execute(db);
}

/** It may be used again, as if nothing had been moved. */
export async function forgetDeparture(db: Db): Promise<void> {
  await sql`drop table if exists moved_to`.execute(db);
}

import { sql } from "kysely";
import { CannotStart } from "#errors.ts";
import type { Db, Tx } from "./connect.ts";
import { findTables, hasRows } from "./move-tables.ts";

/** How far a table has come. `key` is that of its last row here, as text. */
export type Position = { key: string[] | null; rows: number; isDone: boolean };

/** A move that has begun, as its target remembers it until everything is there. */
export type Half = { id: string; positions: Record<string, Position> };

type ForeignKey = { table: string; name: string; definition: string };

export async function findHalf(db: Db): Promise<Half | undefined> {
  const { rows: table } = await sql`select where to_regclass('half_moved') is not null`.execute(db);
  if (table.length === 0) return undefined;
  const { rows } = await sql<Half>`select id, positions from half_moved`.execute(db);
  return rows[0];
}

/** Rows may then come in any order: foreign keys wait until all are there, and are checked again at their return. */
export async function beginHalf(db: Db, id: string): Promise<Half> {
  return db.transaction().execute(async (tx) => {
    await sql`lock table migration in exclusive mode`.execute(tx); // two movers at once: the second sees the first
    await mustBeEmpty(tx);
    await sql`create table half_moved (
      id uuid primary key, positions jsonb not null default '{}', foreign_keys jsonb not null
    )`.execute(tx);
    const keys = await findForeignKeys(tx);
    for (const { table, name } of keys)
      await sql`alter table ${sql.id(table)} drop constraint ${sql.id(name)}`.execute(tx);
    await sql`insert into half_moved (id, foreign_keys)
      values (${id}, ${JSON.stringify(keys)}::jsonb)`.execute(tx);
    return { id, positions: {} };
  });
}

export async function mustBeEmpty(db: Db | Tx): Promise<void> {
  const { rows } = await sql`select where to_regclass('half_moved') is not null`.execute(db);
  if (rows.length > 0) refuseAnotherMove();
  for (const table of await findTables(db)) {
    if (!(await hasRows(db, table))) continue;
    throw new CannotStart(
      `The database of --to is in use: its table ${table.name} has rows. Nothing is overwritten; give an empty one.`,
    );
  }
}

export function refuseAnotherMove(): never {
  throw new CannotStart(
    "The database of --to holds a part of another move. Go on with that one, or give an empty database.",
  );
}

async function findForeignKeys(tx: Tx): Promise<ForeignKey[]> {
  const { rows } = await sql<ForeignKey>`
    select relname as table, conname as name, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c join pg_class t on t.oid = conrelid
    where contype = 'f' and conparentid = 0 and relnamespace = current_schema()::regnamespace
    order by relname, conname`.execute(tx);
  return rows;
}

export async function restoreForeignKeys(db: Db): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ keys: ForeignKey[] }>`
      select foreign_keys as keys from half_moved for update`.execute(tx);
    for (const { table, name, definition } of rows[0]?.keys ?? [])
      await sql`alter table ${sql.id(table)}
        add constraint ${sql.id(name)} ${sql.raw(definition)}`.execute(tx);
    await sql`update half_moved set foreign_keys = '[]'`.execute(tx);
  });
}

/** Everything is there: Deskline may start on it. */
export async function endHalf(db: Db): Promise<void> {
  await sql`drop table half_moved`.execute(db);
}

import { sql } from "kysely";
import type { Db, Tx } from "./connect.ts";

/** As the catalogue has it, so that a table of a later migration is moved, too. `type` is SQL. */
export type Table = {
  name: string;
  columns: { name: string; type: string; isGenerated: boolean }[];
  /** The columns of the primary key, in its order. */
  key: { name: string; type: string }[];
};

/** Each side keeps these for itself. */
const OWN = ["migration", "moved_to", "half_moved"];

export async function findTables(db: Db | Tx): Promise<Table[]> {
  const { rows } = await sql<Table>`
    select relname as name,
      (select jsonb_agg(jsonb_build_object(
          'name', attname, 'type', format_type(atttypid, atttypmod), 'isGenerated', attgenerated <> '')
          order by attname collate "C")
        from pg_attribute where attrelid = t.oid and attnum > 0 and not attisdropped) as columns,
      coalesce((select jsonb_agg(jsonb_build_object('name', attname, 'type', format_type(atttypid, atttypmod))
          order by place)
        from pg_index cross join unnest(indkey) with ordinality as part (number, place)
        join pg_attribute on attrelid = indrelid and attnum = number
        where indrelid = t.oid and indisprimary), '[]') as key
    from pg_class t
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
      and relname <> all (${OWN}::text[])
    order by relname collate "C"`.execute(db);
  return rows;
}

export async function countRows(db: Db | Tx, table: Table): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.id(table.name)}`.execute(db);
  return rows[0]?.count ?? 0;
}

export async function hasRows(db: Db | Tx, table: Table): Promise<boolean> {
  const { rows } = await sql`select from ${sql.id(table.name)} limit 1`.execute(db);
  return rows.length > 0;
}

/** The sides write instants, bytes and numbers alike inside this transaction, whatever their own settings are. */
export async function writeAlike(tx: Tx): Promise<void> {
  await sql`select
    set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
    set_config('intervalstyle', 'postgres', true), set_config('bytea_output', 'hex', true),
    set_config('extra_float_digits', '1', true)`.execute(tx);
}

/** What comes after this key, as a condition; everything, when there is none. */
export function after(table: Table, key: string[] | null) {
  if (!key) return sql`true`;
  const values = table.key.map(({ type }, at) => sql`${key[at]}::text::${sql.raw(type)}`);
  return sql`(${keyOf(table)}) > (${sql.join(values)})`;
}

export function keyOf({ key }: Table) {
  return sql.join(key.map(({ name }) => sql.id(name)));
}

/** The key of a row as JSON: an array of its parts as text. */
export function keyAsText({ key }: Table) {
  return sql`jsonb_build_array(${sql.join(key.map(({ name }) => sql`${sql.id(name)}::text`))})`;
}

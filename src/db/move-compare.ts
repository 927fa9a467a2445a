import { sql } from "kysely";
import type { Db } from "./connect.ts";
import { after, findTables, keyAsText, keyOf, type Table, writeAlike } from "./move-tables.ts";

const PAGE = 5000;

/** What one side has: of a table its rows and their checksum, of a sequence its last number. */
export type Seen = { rows: number; checksum: string };
export type Compared = { what: string; from: Seen | undefined; to: Seen | undefined };

/** Each side looks at its own rows alone, with its own SQL; only the results meet. */
export async function compare(from: Db, to: Db): Promise<Compared[]> {
  const [left, right] = [await look(from), await look(to)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  return names.map((what) => ({ what, from: left.get(what), to: right.get(what) }));
}

export function isEqual({ from, to }: Compared): boolean {
  return from?.rows === to?.rows && from?.checksum === to?.checksum;
}

async function look(db: Db): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>();
  for (const table of await findTables(db)) seen.set(table.name, await addUp(db, table));
  for (const { name, last, isCalled } of await findSequences(db))
    seen.set(name, { rows: 1, checksum: `${isCalled ? "after" : "from"} ${last}` });
  return seen;
}

/** The sum of the rows' hashes: the same in whatever order a side keeps its keys. */
async function addUp(db: Db, table: Table): Promise<Seen> {
  let key: string[] | null = null;
  let rows = 0;
  let sum = 0n;
  do {
    const page = await addUpPage(db, table, key);
    key = page.key;
    rows += page.rows;
    sum += BigInt(page.sum);
  } while (key);
  return { rows, checksum: BigInt.asUintN(64, sum).toString(16).padStart(16, "0") };
}

type Page = { key: string[] | null; rows: number; sum: string };

/** By SHA-256, which a server in FIPS mode has, too; 64 bits of it. */
async function addUpPage(db: Db, table: Table, key: string[] | null): Promise<Page> {
  const cells = sql.join(table.columns.map(({ name }) => sql.id(name)));
  return db.transaction().execute(async (tx) => {
    await writeAlike(tx);
    const { rows } = await sql<Page>`
      with page as materialized (
        select ${keyAsText(table)} as key, row_number() over (order by ${keyOf(table)}) as number,
          encode(sha256(convert_to(row(${cells})::text, 'UTF8')), 'hex') as hash
        from ${sql.id(table.name)} where ${after(table, key)} order by ${keyOf(table)} limit ${PAGE}
      )
      select count(*) as rows, coalesce(sum(('x' || left(hash, 16))::bit(64)::bigint), 0)::text as sum,
        (select key from page where number = ${PAGE}) as key
      from page`.execute(tx);
    return rows[0] ?? { key: null, rows: 0, sum: "0" };
  });
}

type Sequence = { name: string; last: string; isCalled: boolean };

async function findSequences(db: Db): Promise<Sequence[]> {
  const { rows: names } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'S'`.execute(db);
  const found: Sequence[] = [];
  for (const { name } of names) {
    const { rows } = await sql<Omit<Sequence, "name">>`
      select last_value::text as last, is_called as "isCalled" from ${sql.id(name)}`.execute(db);
    found.push(...rows.map((row) => ({ name, ...row })));
  }
  return found;
}

/** The next ticket gets the next number, as it would have here. */
export async function moveSequences(from: Db, to: Db): Promise<void> {
  for (const { name, last, isCalled } of await findSequences(from))
    await sql`select setval(${sql.lit(`"${name}"`)}::regclass, ${last}::text::bigint, ${isCalled})`.execute(
      to,
    );
}

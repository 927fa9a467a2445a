import { type RawBuilder, sql } from "kysely";
import { CannotStart } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import type { Db, Tx } from "./connect.ts";
import type { Half, Position } from "./move-half.ts";
import { after, keyAsText, keyOf, type Table, writeAlike } from "./move-tables.ts";

const BATCH = 1000; // rows: half a second at most, of the five a query may take

type Cell = string | null;
type Batch = { columns: Cell[][]; next: Position };

/** Copies what the target does not have yet. `onRows` hears how many came, batch by batch. */
export async function moveRows(
  sides: { from: Db; to: Db },
  { table, half }: { table: Table; half: Half },
  onRows: (rows: number) => void,
): Promise<void> {
  let at = half.positions[table.name];
  while (!at?.isDone) {
    const batch = await readBatch(sides.from, table, at);
    await writeBatch(sides.to, { table, half, at, batch });
    onRows(batch.next.rows - (at?.rows ?? 0));
    at = batch.next;
  }
}

async function readBatch(from: Db, table: Table, at: Position | undefined): Promise<Batch> {
  const cells = moved(table).map(({ name }) => sql`${sql.id(name)}::text`);
  const rows = await from.transaction().execute(async (tx) => {
    await writeAlike(tx);
    const page = await sql<{ key: string[]; cells: Cell[] }>`
      select ${keyAsText(table)} as key, jsonb_build_array(${sql.join(cells)}) as cells
      from ${sql.id(table.name)} where ${after(table, at?.key ?? null)}
      order by ${keyOf(table)} limit ${BATCH}`.execute(tx);
    return page.rows;
  });
  return {
    columns: cells.map((_, column) => rows.map((row) => row.cells[column] ?? null)),
    next: {
      key: rows.at(-1)?.key ?? at?.key ?? null,
      rows: (at?.rows ?? 0) + rows.length,
      isDone: rows.length < BATCH,
    },
  };
}

/** The rows and how far we are, in one transaction: killed before its end, neither is there. */
async function writeBatch(
  to: Db,
  { table, half, at, batch }: { table: Table; half: Half; at: Position | undefined; batch: Batch },
): Promise<void> {
  await to.transaction().execute(async (tx) => {
    await writeAlike(tx);
    const { rows } = await sql`
      update half_moved
      set positions = positions || jsonb_build_object(${table.name}::text, ${JSON.stringify(batch.next)}::jsonb)
      where id = ${half.id}
        and positions -> ${table.name}::text is not distinct from ${at ? JSON.stringify(at) : null}::jsonb
      returning 1`.execute(tx);
    if (rows.length === 0)
      throw new CannotStart("Another process is moving rows into the same database.");
    if (batch.columns[0]?.length) await insertRows(tx, table, batch.columns);
    await faultPoint("move.before-commit");
  });
  await faultPoint("move.after-commit");
}

/** Our triggers must not act again on what they once acted on. */
async function insertRows(tx: Tx, table: Table, columns: Cell[][]): Promise<void> {
  const names = moved(table).map(({ name }) => sql.id(name));
  const values = moved(table).map(
    ({ name, type }) => sql`row.${sql.id(name)}::${sql.raw(type)}` as RawBuilder<unknown>,
  );
  const arrays = columns.map((cells) => sql`${cells}::text[]`);
  const into = sql.id(table.name);
  await sql`alter table ${into} disable trigger user`.execute(tx);
  await sql`insert into ${into} (${sql.join(names)}) overriding system value
    select ${sql.join(values)} from unnest(${sql.join(arrays)}) as row (${sql.join(names)})`.execute(
    tx,
  );
  await sql`alter table ${into} enable trigger user`.execute(tx);
}

function moved(table: Table) {
  return table.columns.filter(({ isGenerated }) => !isGenerated);
}

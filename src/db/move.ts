import { CannotStart } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import type { Database } from "./connect.ts";
import { migrate } from "./migrate.ts";
import { type Compared, compare, isEqual, moveSequences } from "./move-compare.ts";
import {
  beginHalf,
  endHalf,
  findHalf,
  type Half,
  mustBeEmpty,
  refuseAnotherMove,
  restoreForeignKeys,
} from "./move-half.ts";
import { moveRows } from "./move-rows.ts";
import { countRows, findTables } from "./move-tables.ts";
import { findDeparture, markDeparture, markLeft, whereItWent } from "./moved.ts";

/** `place` names the target without its password. */
export type Sides = { from: Database; to: Database; place: string };

/** Hears how far the move is: first how many rows there are, and how many of them came before. */
export type Watch = {
  onBegin(rows: number, before: number): void;
  onRows(table: string, rows: number): void;
};

/**
 * Takes every row of an embedded database to PostgreSQL. Killed at any moment and called again, it goes on. The source
 * is left, and the target free to use, only once both are equal; the answer says where they are not.
 */
export async function move(sides: Sides, watch: Watch): Promise<Compared[]> {
  const [from, to] = [sides.from.db, sides.to.db];
  const half = await begin(sides);
  const tables = await findTables(from);
  let rows = 0;
  for (const table of tables) rows += await countRows(from, table);
  watch.onBegin(rows, rowsIn(half));
  for (const table of tables)
    await moveRows({ from, to }, { table, half }, (came) => watch.onRows(table.name, came));

  await sides.to.patiently(restoreForeignKeys);
  await moveSequences(from, to);
  const compared = await compare(from, to);
  if (!compared.every(isEqual)) return compared;
  await markLeft(from);
  await faultPoint("move.after-left");
  await endHalf(to);
  return compared;
}

/** Everything that can be refused is, before anything is marked. */
async function begin({ from, to, place }: Sides): Promise<Half> {
  const departure = await findDeparture(from.db);
  const half = await findHalf(to.db);
  if (half && half.id !== departure?.id) refuseAnotherMove();
  if (!half) {
    if (departure && (departure.leftAt || departure.place !== place))
      throw new CannotStart(whereItWent(departure));
    await mustBeEmpty(to.db);
  }
  await migrate(from.db);
  await to.patiently((db) => migrate(db));
  if (half) return half;
  const id = departure?.id ?? (await markDeparture(from.db, place));
  await faultPoint("move.after-mark");
  return beginHalf(to.db, id);
}

function rowsIn({ positions }: Half): number {
  return Object.values(positions).reduce((sum, { rows }) => sum + rows, 0);
}

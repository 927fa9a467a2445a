import { sql } from "kysely";
import { CannotStart } from "#errors.ts";
import { connect, type Database, type Db } from "./connect.ts";
import { type Place, whyNotOpen } from "./in-words.ts";
import { migrate } from "./migrate.ts";
import { refuseMoved } from "./moved.ts";
import { writeForNothing } from "./write-for-nothing.ts";

const OLDEST = 15;

type Preparation = {
  /** Called before anything is made; what it throws is thrown. */
  before?: (db: Db) => Promise<void>;
  onApplied?: (migration: string) => void;
};

/** Connects, brings the tables up to date and sees that they can be written. Throws CannotStart where that cannot be. */
export async function openDatabase(
  place: Place,
  { before, onApplied }: Preparation = {},
): Promise<Database> {
  return open(place, async (database) => {
    await refuseMoved(database.db);
    await before?.(database.db);
    await database.patiently((db) => migrate(db, { onApplied }));
    await writeForNothing(database.db);
  });
}

/** For the mover alone, who knows what a half moved database is. */
export async function openAsItIs(place: Place): Promise<Database> {
  return open(place, async () => {});
}

async function open(
  place: Place,
  prepare: (database: Database) => Promise<void>,
): Promise<Database> {
  try {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await connect(place));
    await mustBeNewEnough(database.db);
    await mustHoldAllLetters(database.db);
    await prepare(database);
    stack.move();
    return database;
  } catch (error) {
    throw whyNotOpen(error, place);
  }
}

async function mustBeNewEnough(db: Db): Promise<void> {
  const { rows } = await sql<{ version: string }>`
    select current_setting('server_version_num') as version`.execute(db);
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (major >= OLDEST) return;
  throw new CannotStart(
    `The database is PostgreSQL ${major}. Deskline needs ${OLDEST} or newer: upgrade it, or lead DATABASE_URL to another server.`,
  );
}

/** Others refuse what customers write, or keep it as bytes that no search finds. */
async function mustHoldAllLetters(db: Db): Promise<void> {
  const { rows } = await sql<{ encoding: string }>`
    select current_setting('server_encoding') as encoding`.execute(db);
  const encoding = rows[0]?.encoding;
  if (encoding === "UTF8") return;
  throw new CannotStart(`The database is in ${encoding}. Make one in UTF8.`);
}

import type { Command } from "commander";
import { sql } from "kysely";
import { type DatabaseSettings, readDatabaseSettings } from "#config.ts";
import type { Db } from "#db/connect.ts";
import { openDatabase } from "#db/open.ts";
import { CannotStart } from "#errors.ts";
import { embeddedIn, lookedAt, placeOf } from "./place.ts";
import { CommandRefused } from "./refused.ts";

/** Runs the command line. What cannot be done is said in one sentence. Exit code 2: the settings; 1: anything else. */
export async function runCommand(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    console.error(describe(error));
    process.exitCode = error instanceof CannotStart ? error.exitCode : 1;
  }
}

/**
 * The database of the settings, brought up to date, for the length of one command. Refuses where there is none: a new
 * one would answer that all is well. `where`: which database it is, for an answer that has nothing else to say.
 */
export async function withDatabase<T>(work: (db: Db, where: string) => Promise<T>): Promise<T> {
  const settings = readDatabaseSettings();
  const { place, mustBeOurs } = existing(settings);
  await using database = await openDatabase(place, { before: mustBeOurs });
  return await work(database.db, lookedAt(settings));
}

function existing({ DATABASE_URL: url, DESKLINE_DATA }: DatabaseSettings) {
  if (url) return { place: { url }, mustBeOurs: (db: Db) => mustHaveTables(db, new URL(url)) };
  const advice = { else: "Is DATABASE_URL missing?", trial: "" };
  return { place: { folder: embeddedIn(DESKLINE_DATA, advice) }, mustBeOurs: async () => {} };
}

async function mustHaveTables(db: Db, url: URL): Promise<void> {
  const { rows } = await sql`select where to_regclass('migration') is not null`.execute(db);
  if (rows.length > 0) return;
  throw new CannotStart(
    `There are no tables of Deskline in ${placeOf(url)}. Correct DATABASE_URL, or make them with \`migrate\`.`,
  );
}

function describe(error: unknown): string {
  if (error instanceof CommandRefused || error instanceof CannotStart) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

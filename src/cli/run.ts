import type { Command } from "commander";
import { readDatabaseSettings } from "#config.ts";
import type { Db } from "#db/connect.ts";
import { openDatabase } from "#db/open.ts";
import { CannotStart } from "#errors.ts";

/** What the operator asked for cannot be done, in a sentence for them. */
export class CommandRefused extends Error {
  override name = "CommandRefused";
}

/** Runs the command line. What cannot be done is said in one sentence. Exit code 2: the settings; 1: anything else. */
export async function runCommand(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    console.error(describe(error));
    process.exitCode = error instanceof CannotStart ? error.exitCode : 1;
  }
}

/** The database of the settings, brought up to date, for the length of one command. */
export async function withDatabase<T>(
  work: (db: Db) => Promise<T>,
  onApplied?: (migration: string) => void,
): Promise<T> {
  const { DATABASE_URL: url, DESKLINE_DATA } = readDatabaseSettings();
  await using database = await openDatabase(
    url ? { url } : { folder: `${DESKLINE_DATA}/db` },
    onApplied,
  );
  return await work(database.db);
}

function describe(error: unknown): string {
  if (error instanceof CommandRefused || error instanceof CannotStart) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

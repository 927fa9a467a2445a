import type { Command } from "commander";
import { readDatabaseSettings } from "#config.ts";
import { connect, type Db } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";

/** What the operator asked for cannot be done, in a sentence for them. */
export class CommandRefused extends Error {
  override name = "CommandRefused";
}

const SENTENCES = new Set(["CommandRefused", "SettingsProblem", "FolderInUse"]);

/** Runs the command line. What cannot be done is said in one sentence, and the exit code is 1. */
export async function runCommand(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    console.error(describe(error));
    process.exitCode = 1;
  }
}

/** The database of the settings, brought up to date, for the length of one command. */
export async function withDatabase<T>(work: (db: Db) => Promise<T>): Promise<T> {
  const { DATABASE_URL: url, DESKLINE_DATA } = readDatabaseSettings();
  await using database = await connect(url ? { url } : { folder: `${DESKLINE_DATA}/db` });
  await reach(database.db);
  return await work(database.db);
}

async function reach(db: Db): Promise<void> {
  try {
    await migrate(db);
  } catch (cause) {
    const code = unreachableCode(cause);
    if (!code) throw cause;
    throw new CommandRefused(`The database of DATABASE_URL cannot be reached (${code}).`, {
      cause,
    });
  }
}

/** Node's errors of the network; PostgreSQL's of connections (08), passwords (28) and databases (3D). */
function unreachableCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^(ECONN|ENOTFOUND|ETIMEDOUT|EHOST|ENET|EAI_|08...$|28...$|3D...$)/.test(code)
    ? code
    : undefined;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return SENTENCES.has(error.name) ? error.message : (error.stack ?? error.message);
}

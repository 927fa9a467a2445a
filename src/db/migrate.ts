import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { CannotStart } from "#errors.ts";
import type { Db, Tx } from "./connect.ts";

const FOLDER = new URL("../../migrations/", import.meta.url);
const LOCK = 4_203_511; // any number that is always the same
const PATIENCE_MS = 60_000;

type Options = {
  folder?: URL;
  /** Called after each file. */
  onApplied?: ((name: string) => void) | undefined;
};

/** Applies what is missing, one transaction a file; two starters at once wait for each other. */
export async function migrate(db: Db, { folder = FOLDER, onApplied }: Options = {}): Promise<void> {
  const names = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  await inTurn(db, async (tx) => {
    await sql`create table if not exists migration (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now()
    )`.execute(tx);
    await mustBeKnown(tx, names);
  });
  for (const name of names) {
    const text = await readFile(new URL(name, folder), "utf8");
    if (await inTurn(db, (tx) => applyOnce(tx, name, text))) onApplied?.(name);
  }
}

/** Asks for the lock again and again: waiting inside PostgreSQL would end at `lock_timeout`. */
async function inTurn<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const turn = await db.transaction().execute((tx) => ifAlone(tx, work));
    if (turn) return turn.result;
    if (Date.now() > deadline)
      throw new CannotStart(
        "Another process has been migrating this database for a minute. Start again when it is done.",
      );
    await sleep(100);
  }
}

async function ifAlone<T>(
  tx: Tx,
  work: (tx: Tx) => Promise<T>,
): Promise<{ result: T } | undefined> {
  const { rows } = await sql`select where pg_try_advisory_xact_lock(${LOCK})`.execute(tx);
  return rows.length > 0 ? { result: await work(tx) } : undefined;
}

/** An older version would write rows that the newer tables do not mean. */
async function mustBeKnown(tx: Tx, names: string[]): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from migration where not name = any(${names}) order by name`.execute(tx);
  const newest = rows.at(-1)?.name;
  if (!newest) return;
  throw new CannotStart(
    `A newer Deskline has changed this database: it has ${newest}, which this version does not know. Start that version or a later one. Nothing was changed.`,
  );
}

/** False when it was applied before. */
async function applyOnce(tx: Tx, name: string, text: string): Promise<boolean> {
  const sha256 = createHash("sha256").update(text).digest("hex");
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from migration where name = ${name}`.execute(tx);
  if (rows[0]?.sha256 === sha256) return false;
  if (rows[0])
    throw new CannotStart(
      `The migration ${name} was changed after it was applied. Restore it, and add a new file for the change.`,
    );
  for (const statement of statementsOf(text)) await sql.raw(statement).execute(tx);
  await sql`insert into migration (name, sha256) values (${name}, ${sha256})`.execute(tx);
  return true;
}

/** PGlite takes one statement a query. Ours end with ";" at the end of a line, outside of $$ bodies. */
function statementsOf(text: string): string[] {
  const statements: string[] = [];
  let body = "";
  for (const line of text.split("\n").filter((line) => !line.trimStart().startsWith("--"))) {
    body += `${line}\n`;
    const isOpen = (body.match(/\$\$/g)?.length ?? 0) % 2 === 1;
    if (!isOpen && line.replace(/--.*/, "").trimEnd().endsWith(";")) {
      statements.push(body);
      body = "";
    }
  }
  if (body.trim()) statements.push(body);
  return statements;
}

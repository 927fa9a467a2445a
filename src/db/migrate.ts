import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db, Tx } from "./connect.ts";

const FOLDER = new URL("../../migrations/", import.meta.url);
const LOCK = 4_203_511; // any number that is always the same
const PATIENCE_MS = 60_000;

/** Applies what is missing, one transaction a file; two starters at once wait for each other. */
export async function migrate(db: Db, folder = FOLDER): Promise<void> {
  await inTurn(db, (tx) =>
    sql`create table if not exists migration (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now()
    )`.execute(tx),
  );
  for (const name of (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort()) {
    const text = await readFile(new URL(name, folder), "utf8");
    await inTurn(db, (tx) => applyOnce(tx, name, text));
  }
}

/** Asks for the lock again and again: waiting inside PostgreSQL would end at `lock_timeout`. */
async function inTurn(db: Db, work: (tx: Tx) => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await db.transaction().execute((tx) => ifAlone(tx, work)))) {
    if (Date.now() > deadline)
      throw new Error("Another process has been migrating this database for a minute.");
    await sleep(100);
  }
}

async function ifAlone(tx: Tx, work: (tx: Tx) => Promise<unknown>): Promise<boolean> {
  const { rows } = await sql`select where pg_try_advisory_xact_lock(${LOCK})`.execute(tx);
  if (rows.length > 0) await work(tx);
  return rows.length > 0;
}

async function applyOnce(tx: Tx, name: string, text: string): Promise<void> {
  const sha256 = createHash("sha256").update(text).digest("hex");
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from migration where name = ${name}`.execute(tx);
  if (rows[0]?.sha256 === sha256) return;
  if (rows[0])
    throw new Error(
      `The migration ${name} was changed after it was applied. Restore it, and add a new file for the change.`,
    );
  for (const statement of statementsOf(text)) await sql.raw(statement).execute(tx);
  await sql`insert into migration (name, sha256) values (${name}, ${sha256})`.execute(tx);
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

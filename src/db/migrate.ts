import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { sql } from "kysely";
import type { Db, Tx } from "./connect.ts";

const FOLDER = new URL("../../migrations/", import.meta.url);
const LOCK = 4_203_511; // any number that is always the same

/** Applies what is missing, one transaction a file; two starters at once wait for each other. */
export async function migrate(db: Db): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    await sql`create table if not exists migration (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now()
    )`.execute(tx);
  });
  for (const name of (await readdir(FOLDER)).sort()) {
    const text = await readFile(new URL(name, FOLDER), "utf8");
    await db.transaction().execute((tx) => applyOnce(tx, name, text));
  }
}

async function applyOnce(tx: Tx, name: string, text: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
  const sha256 = createHash("sha256").update(text).digest("hex");
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from migration where name = ${name}`.execute(tx);
  if (rows[0]?.sha256 === sha256) return;
  if (rows[0]) throw new Error(`Migration ${name} was changed after it was applied.`);
  for (const statement of statementsOf(text)) await sql.raw(statement).execute(tx);
  await sql`insert into migration (name, sha256) values (${name}, ${sha256})`.execute(tx);
}

/** PGlite takes one statement a query. Ours end with ";" at the end of a line, outside of $$ bodies. */
function statementsOf(text: string): string[] {
  const statements: string[] = [];
  let body = "";
  for (const line of text.split("\n")) {
    body += `${line}\n`;
    const isOpen = (body.match(/\$\$/g)?.length ?? 0) % 2 === 1;
    if (!isOpen && /;\s*$/.test(line)) {
      statements.push(body);
      body = "";
    }
  }
  if (body.replace(/--.*$/gm, "").trim()) statements.push(body);
  return statements;
}

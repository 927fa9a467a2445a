import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import pg from "pg";
import { inject } from "vitest";
import { connect, type Database, type Db } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";

export type TestDatabase = Database & {
  /** Sets the clock of this database, from where it goes on; null gives the real clock back. */
  setNow(instant: Date | null): Promise<void>;
};

/** A migrated PostgreSQL database of its own, dropped at the end. `url` is for processes started by the test. */
export async function createTestDatabase(): Promise<TestDatabase & { url: string }> {
  const { url: adminUrl, run } = postgresOfRun();
  const name = `${run}_${randomBytes(6).toString("hex")}`;
  await withAdmin(adminUrl, async (admin) => {
    await ensureTemplate(admin, adminUrl, run);
    await admin.query(`create database ${name} template ${run}`);
  });
  const url = databaseUrl(adminUrl, name);
  const database = await connect({ url });
  return {
    ...withClock(database),
    url,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      // A process that the test killed may still hold a connection.
      await withAdmin(adminUrl, (admin) => admin.query(`drop database ${name} with (force)`));
    },
  };
}

/** A PostgreSQL database with nothing in it, not even tables; dropped at the end. */
export async function createEmptyDatabase(
  encoding: "UTF8" | "LATIN1" | "SQL_ASCII" = "UTF8",
): Promise<AsyncDisposable & { url: string }> {
  const { url: adminUrl, run } = postgresOfRun();
  const name = `${run}_${randomBytes(6).toString("hex")}`;
  await withAdmin(adminUrl, (admin) =>
    admin.query(
      `create database ${name} template template0 encoding '${encoding}' lc_collate 'C' lc_ctype 'C'`,
    ),
  );
  return {
    url: databaseUrl(adminUrl, name),
    [Symbol.asyncDispose]: () =>
      withAdmin(adminUrl, (admin) => admin.query(`drop database ${name} with (force)`)),
  };
}

/** The same over PGlite, in a folder that is removed at the end. It has one connection: no concurrency to test here. */
export async function createEmbeddedDatabase(): Promise<TestDatabase & { folder: string }> {
  const place = await createEmbeddedFolder();
  const database = await connect({ folder: place.folder });
  return {
    ...withClock(database),
    folder: place.folder,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** A migrated PGlite folder that nobody has open. */
export async function createEmbeddedFolder(): Promise<AsyncDisposable & { folder: string }> {
  const parent = await mkdtemp(join(inject("scratch"), "embedded-"));
  const folder = join(parent, "db");
  await cp(await embeddedTemplate(), folder, { recursive: true });
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }),
  };
}

function postgresOfRun() {
  const postgres = inject("postgres");
  if ("missing" in postgres) throw new Error(postgres.missing);
  return postgres;
}

async function withAdmin(url: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

/** Files run in processes of their own: the first to hold the lock migrates, the others find it done. */
async function ensureTemplate(admin: pg.Client, adminUrl: string, run: string): Promise<void> {
  await admin.query("select pg_advisory_lock(hashtext($1))", [`${run} template`]);
  const { rowCount } = await admin.query("select from pg_database where datname = $1", [run]);
  if (!rowCount) {
    const draft = `${run}_draft`;
    await admin.query(`drop database if exists ${draft} with (force)`);
    await admin.query(`create database ${draft}`);
    await migrateAt({ url: databaseUrl(adminUrl, draft) });
    await admin.query(`alter database ${draft} rename to ${run}`);
  }
  await admin.query("select pg_advisory_unlock(hashtext($1))", [`${run} template`]);
}

async function migrateAt(at: { url: string } | { folder: string }): Promise<void> {
  await using database = await connect(at);
  await migrate(database.db);
}

/** PGlite takes 3.5 s to make a folder and 0.5 s to open one. Files that start together may each make it; one is kept. */
async function embeddedTemplate(): Promise<string> {
  const template = join(inject("scratch"), "template");
  if (existsSync(template)) return template;
  const draft = await mkdtemp(join(inject("scratch"), "draft-"));
  await migrateAt({ folder: join(draft, "db") });
  await rename(join(draft, "db"), template).catch((error: unknown) => {
    if (!existsSync(template)) throw error;
  });
  return template;
}

function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function withClock(database: Database): TestDatabase {
  return {
    kind: database.kind,
    db: database.db,
    listen: (channel, onNotify) => database.listen(channel, onNotify),
    whenBroken: (tell) => database.whenBroken(tell),
    renew: () => database.renew(),
    patiently: (work) => database.patiently(work),
    setNow: (instant) => setNow(database.db, instant),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

async function setNow(db: Db, instant: Date | null): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`create table if not exists test_clock (ahead_seconds float8 not null)`.execute(tx);
    await sql`delete from test_clock`.execute(tx);
    if (instant)
      await sql`insert into test_clock values (extract(epoch from ${instant}::timestamptz - now()))`.execute(
        tx,
      );
    await sql`
      create or replace function deskline_now() returns timestamptz language sql stable
      as $$ select now() + coalesce((select ahead_seconds from test_clock), 0) * interval '1 second' $$`.execute(
      tx,
    );
  });
}

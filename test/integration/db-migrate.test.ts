import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { Db } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";
import { startProgram } from "../support/program.ts";

let folder: string;
let migrations: URL;
beforeEach(async () => {
  folder = await mkdtemp(join(inject("scratch"), "migrations-"));
  migrations = pathToFileURL(`${folder}/`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.each(databases)("migrations on %s", (_kind, open) => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await open();
    db = database.db;
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => void (await sql`delete from migration`.execute(db))); // each knows its own

  it("are applied once, in the order of their names", async () => {
    await write("0102-add.sql", "alter table thing add column b text;\n");
    await write(
      "0101-thing.sql",
      "create table thing (a integer);\ninsert into thing values (1);\n",
    );
    await write("README.md", "This is not SQL.");

    await migrate(db, { folder: migrations });
    await migrate(db, { folder: migrations });

    expect((await sql`select a, b from thing`.execute(db)).rows).toEqual([{ a: 1, b: null }]);
  });

  it("may have comments, bodies and no last semicolon", async () => {
    await write(
      "0121-odd.sql",
      `-- Ends like a statement;
create table odd (
  a integer, -- with a remark;
  -- and another;
  b integer
);
create function twice(n integer) returns integer language plpgsql as $$
begin
  return n * 2;
end $$;

insert into odd values (twice(2), 1)`,
    );

    await migrate(db, { folder: migrations });

    expect((await sql`select a, b from odd`.execute(db)).rows).toEqual([{ a: 4, b: 1 }]);
  });

  it("refuse a file that was changed after it was applied", async () => {
    await write("0111-kept.sql", "create table kept (a integer);\n");
    await migrate(db, { folder: migrations });
    await write("0111-kept.sql", "create table kept (a bigint);\n");

    await expect(migrate(db, { folder: migrations })).rejects.toThrow(
      "The migration 0111-kept.sql was changed after it was applied. Restore it, and add a new file for the change.",
    );
  });

  it("leave nothing of a file that fails", async () => {
    await write("0131-half.sql", "create table half (a integer);\nselect 1/0;\n");
    await expect(migrate(db, { folder: migrations })).rejects.toMatchObject({ code: "22012" });

    await write("0131-half.sql", "create table half (a integer);\n");

    await expect(migrate(db, { folder: migrations })).resolves.toBeUndefined();
  });
});

describe("migrations by processes of their own", () => {
  let database: TestDatabase & { url: string };
  beforeEach(async () => {
    database = await createTestDatabase();
    await sql`delete from migration`.execute(database.db);
  });
  afterEach(() => database[Symbol.asyncDispose]());

  it("are applied once when four start at once, though one takes longer than any other query may", {
    timeout: 60_000,
  }, async () => {
    await write("0101-slow.sql", "create table slow (a integer);\nselect pg_sleep(6);\n");
    await write("0102-more.sql", "insert into slow values (1);\n");

    const starters = Array.from({ length: 4 }, start);
    const codes = await Promise.all(starters.map(({ ended }) => ended));

    expect(codes).toEqual([0, 0, 0, 0]);
    const applied = starters.flatMap(({ lines }) => lines);
    expect(applied.sort()).toEqual(["0101-slow.sql", "0102-more.sql"]);
    expect((await sql`select a from slow`.execute(database.db)).rows).toEqual([{ a: 1 }]);
  });

  it("go on where a killed one was", { timeout: 60_000 }, async () => {
    await write("0101-done.sql", "create table done (a integer);\n");
    await write("0102-half.sql", "create table half (a integer);\nselect pg_sleep(3);\n");
    await using killed = start();
    await expect.poll(isAsleep).toBe(true);
    await killed.kill();

    await using next = start();

    expect(await next.ended).toBe(0);
    expect([...killed.lines, ...next.lines]).toEqual(["0101-done.sql", "0102-half.sql"]);
    expect((await sql`select a from half`.execute(database.db)).rows).toEqual([]);
  });

  function start() {
    return startProgram(new URL("./db-migrator.ts", import.meta.url), database.url, folder);
  }
  async function isAsleep(): Promise<boolean> {
    const { rows } = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`.execute(database.db);
    return rows.length > 0;
  }
});

it("refuse a database that a newer version has changed, and leave it as it is", async () => {
  await using database = await createTestDatabase();
  await sql`insert into migration values ('0998-a.sql', 'x'), ('0999-b.sql', 'x')`.execute(
    database.db,
  );
  await write("0001-main-job.sql", "drop table ticket;\n");

  await expect(migrate(database.db, { folder: migrations })).rejects.toThrow(
    "A newer Deskline has changed this database: it has 0999-b.sql, which this version does not know.",
  );
  await expect(sql`select from ticket`.execute(database.db)).resolves.toBeDefined();
});

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

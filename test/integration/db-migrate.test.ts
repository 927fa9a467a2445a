import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { connect, type Db } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";

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

  it("are applied once, in the order of their names", async () => {
    await write("0102-add.sql", "alter table thing add column b text;\n");
    await write(
      "0101-thing.sql",
      "create table thing (a integer);\ninsert into thing values (1);\n",
    );
    await write("README.md", "This is not SQL.");

    await migrate(db, migrations);
    await migrate(db, migrations);

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

    await migrate(db, migrations);

    expect((await sql`select a, b from odd`.execute(db)).rows).toEqual([{ a: 4, b: 1 }]);
  });

  it("refuse a file that was changed after it was applied", async () => {
    await write("0111-kept.sql", "create table kept (a integer);\n");
    await migrate(db, migrations);
    await write("0111-kept.sql", "create table kept (a bigint);\n");

    await expect(migrate(db, migrations)).rejects.toThrow(
      "The migration 0111-kept.sql was changed after it was applied. Restore it, and add a new file for the change.",
    );
  });

  it("leave nothing of a file that fails", async () => {
    await write("0131-half.sql", "create table half (a integer);\nselect 1/0;\n");
    await expect(migrate(db, migrations)).rejects.toMatchObject({ code: "22012" });

    await write("0131-half.sql", "create table half (a integer);\n");

    await expect(migrate(db, migrations)).resolves.toBeUndefined();
  });
});

it("wait for each other when four processes start at once, longer than a lock may", async () => {
  await using database = await createTestDatabase();
  await write("0101-slow.sql", "create table slow (a integer);\nselect pg_sleep(2.5);\n");
  await write("0102-more.sql", "insert into slow values (1);\n");
  await using starters = new AsyncDisposableStack();

  await Promise.all(
    Array.from({ length: 4 }, async () => {
      const starter = starters.use(await connect({ url: database.url }));
      await migrate(starter.db, migrations);
    }),
  );

  expect((await sql`select a from slow`.execute(database.db)).rows).toEqual([{ a: 1 }]);
});

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

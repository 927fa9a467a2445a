import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "#db/connect.ts";
import type { TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";

const columns = {
  int8: ["9007199254740991::int8", Number.MAX_SAFE_INTEGER],
  "a count": ["count(*)", 1],
  int4: ["42::int4", 42],
  float8: ["0.1::float8", 0.1],
  numeric: ["12345678901234567890.10::numeric", "12345678901234567890.10"],
  interval: ["interval '1 month 2 days 03:04:05.5'", "1 mon 2 days 03:04:05.5"],
  bytea: ["'\\x00ff5c'::bytea", Buffer.from([0, 255, 92])],
  "an empty bytea": ["''::bytea", Buffer.alloc(0)],
  "no bytea": ["null::bytea", null],
  timestamptz: ["'2026-03-29T01:30:00.123+02'::timestamptz", new Date("2026-03-28T23:30:00.123Z")],
  "a jsonb object": [`'{"a":[1,"x",null]}'::jsonb`, { a: [1, "x", null] }],
  "a jsonb text": [`'"x"'::jsonb`, "x"],
  "jsonb null": ["'null'::jsonb", null],
  "no jsonb": ["null::jsonb", null],
  uuid: ["'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  boolean: ["true", true],
  text: ["'アクセス 👩‍👧'", "アクセス 👩‍👧"],
  "a text array": ["array['a', null]", ["a", null]],
} satisfies Record<string, [string, unknown]>;

describe.each(databases)("the types of %s", (_kind, open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it.each(Object.entries(columns))("reads %s", async (_name, [expression, value]) => {
    const read = await readOne(database.db, expression);

    expect(read).toEqual(value);
    expect(Object.getPrototypeOf(Object(read))).toBe(Object.getPrototypeOf(Object(value)));
  });

  it("takes what it gave", async () => {
    const { db } = database;
    const bytes = Buffer.from([0, 255, 92]);
    const at = new Date("2026-03-28T23:30:00.123Z");

    const { rows } = await sql<Record<string, unknown>>`
      select ${bytes}::bytea as bytes, ${at}::timestamptz as at, ${42}::int8 as big,
        ${JSON.stringify({ a: "é" })}::jsonb as json, ${null}::jsonb as nothing,
        ${"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}::uuid as id, ${["a", "b"]}::text[] as texts
    `.execute(db);

    expect(rows).toEqual([
      {
        bytes,
        at,
        big: 42,
        json: { a: "é" },
        nothing: null,
        id: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        texts: ["a", "b"],
      },
    ]);
  });

  it("counts the rows it changed", async () => {
    const { db } = database;
    await db
      .insertInto("account")
      .values(["a", "b"].map((id) => ({ id, name: id })))
      .execute();

    const changed = await db.updateTable("account").set({ name: "x" }).executeTakeFirst();
    const deleted = await db.deleteFrom("account").where("id", "=", "a").executeTakeFirst();

    expect(changed.numUpdatedRows).toBe(2n);
    expect(deleted.numDeletedRows).toBe(1n);
  });
});

async function readOne(db: Db, expression: string): Promise<unknown> {
  const { rows } = await sql<{ value: unknown }>`select ${sql.raw(expression)} as value`.execute(
    db,
  );
  return rows[0]?.value;
}

import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Db, Tx } from "#db/connect.ts";
import type { TestDatabase } from "../support/database.ts";
import { databases } from "../support/databases.ts";

const refusals = {
  "23505": "insert into account (id, name) values ('acme', 'again')",
  "23503": "insert into account_admin values ('nobody', 'T1', 'U1')",
  "23514": "insert into account (id, name) values ('Not A Key', 'x')",
  "23502": "insert into account (id, name) values ('b', null)",
  "22P02": "select 'x'::uuid",
  "42P01": "select * from no_such_table",
};

describe.each(databases)("a transaction on %s", (kind, open) => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await open();
    db = database.db;
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    await db.deleteFrom("account").execute();
    await addAccount(db, "acme");
  });

  it.each(Object.entries(refusals))("fails with code %s", async (code, statement) => {
    await expect(sql.raw(statement).execute(db)).rejects.toMatchObject({ code });
  });

  it("names the constraint that was broken", async () => {
    await expect(addAccount(db, "acme")).rejects.toMatchObject({
      code: "23505",
      constraint: "account_pkey",
      table: "account",
    });
  });

  it("leaves nothing behind when it fails, and the next one works", async () => {
    const failing = db.transaction().execute(async (tx) => {
      await addAccount(tx, "lost");
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");

    await db.transaction().execute((tx) => addAccount(tx, "kept"));

    expect(await accounts(db)).toEqual(["acme", "kept"]);
  });

  it("does not call a commit done that the server rolled back", async () => {
    const swallowed = db.transaction().execute(async (tx) => {
      await addAccount(tx, "lost");
      await addAccount(tx, "acme").catch(() => {});
    });

    await expect(swallowed).rejects.toThrow("rolled back");
    expect(await accounts(db)).toEqual(["acme"]);
  });

  it("does not let one transaction see into another", async () => {
    const names = ["b", "c", "d", "e", "f", "g", "h", "i"];
    const outcomes = await Promise.allSettled(
      names.map((id, n) =>
        db.transaction().execute(async (tx) => {
          await addAccount(tx, id);
          await sleep(5);
          const visible = await accounts(tx);
          if (n % 2) throw new Error("rolled back");
          return visible;
        }),
      ),
    );

    for (const [n, outcome] of outcomes.entries()) {
      expect(outcome.status).toBe(n % 2 ? "rejected" : "fulfilled");
      if (outcome.status === "fulfilled") expect(outcome.value).toContain(names[n]);
    }
    expect(await accounts(db)).toEqual(["acme", "b", "d", "f", "h"]);
  });

  it("adds up what many transactions count", async () => {
    await sql`create table if not exists tally (n integer)`.execute(db);
    await sql`delete from tally`.execute(db);
    await sql`insert into tally values (0)`.execute(db);

    await Promise.all(
      Array.from({ length: 20 }, () =>
        db.transaction().execute(async (tx) => {
          const { rows } = await sql<{ n: number }>`select n from tally for update`.execute(tx);
          await sql`update tally set n = ${(rows[0]?.n ?? 0) + 1}`.execute(tx);
        }),
      ),
    );

    expect((await sql<{ n: number }>`select n from tally`.execute(db)).rows).toEqual([{ n: 20 }]);
  });

  it("refuses `db` inside it in words, instead of waiting for ever", async () => {
    const mixed = db.transaction().execute(async (tx) => {
      await addAccount(tx, "mixed");
      await accounts(db);
    });
    await expect(mixed).rejects.toThrow("Inside a transaction only `tx` may be asked");

    const nested = db.transaction().execute(() => db.transaction().execute(async () => {}));
    await expect(nested).rejects.toThrow("Inside a transaction only `tx` may be asked");
    expect(await accounts(db)).toEqual(["acme"]);
  });

  it("lets work that it started use `db` after its end", async () => {
    const afterwards = Promise.withResolvers<void>();
    const later = await db.transaction().execute(async () => ({
      names: afterwards.promise.then(() => accounts(db)),
    }));

    afterwards.resolve();

    expect(await later.names).toEqual(["acme"]);
  });

  it("rings only after the commit, and never for a rollback", async () => {
    let rings = 0;
    await using listening = await database.listen("job", () => void rings++);
    const before = rings;
    const ring = (tx: Tx) => sql`select pg_notify('job', '')`.execute(tx);

    await db
      .transaction()
      .execute(async (tx) => {
        await ring(tx);
        throw new Error("rolled back");
      })
      .catch(() => {});
    await db.transaction().execute(async (tx) => {
      await ring(tx);
      await sleep(100);
      expect(rings).toBe(before);
    });
    await expect.poll(() => rings).toBe(before + 1);

    await listening[Symbol.asyncDispose]();
    await db.transaction().execute(ring);
    await sleep(100);
    expect(rings).toBe(before + 1);
  });

  it("calls each of several listeners once", async () => {
    const rings: string[] = [];
    await using _first = await database.listen("job", () => void rings.push("first"));
    await using _second = await database.listen("job", () => void rings.push("second"));
    rings.length = 0;

    await sql`select pg_notify('job', '')`.execute(db);

    await expect.poll(() => rings.length).toBe(2);
    await sleep(50);
    expect(rings.sort()).toEqual(["first", "second"]);
  });

  it(`says that it is ${kind}`, () => {
    expect(database.kind).toBe(kind);
  });
});

async function addAccount(db: Db, id: string): Promise<void> {
  await db.insertInto("account").values({ id, name: id }).execute();
}

async function accounts(db: Db): Promise<string[]> {
  const rows = await db.selectFrom("account").select("id").orderBy("id").execute();
  return rows.map((row) => row.id);
}

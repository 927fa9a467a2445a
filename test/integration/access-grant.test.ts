import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { supportAccess } from "#access/ask.ts";
import { changeAccess } from "#access/change.ts";
import type { Change } from "#access/grant.ts";
import { saveAccount } from "#accounts/store.ts";
import { connect, type Db } from "#db/connect.ts";
import {
  createEmbeddedDatabase,
  createTestDatabase,
  type TestDatabase,
} from "../support/database.ts";

const DAY_MS = 24 * 3_600_000;
const START = new Date("2027-01-15T09:00:00Z");
const dana = { teamId: "T0ACME", userId: "U0DANA", name: "Dana" };
const olaf = { teamId: "T0ACME", userId: "U0OLAF", name: "Olaf" };

describe("support access", () => {
  it("is off until an admin grants it, and then says who and until when", async () => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;

    const before = await supportAccess(db, "acme");
    await ask(db, { verb: "grant", days: 30 });
    const after = await supportAccess(db, "acme");

    expect(before).toEqual({ isOn: false });
    expect(after).toEqual({ isOn: true, until: expect.any(Date), setBy: dana });
    expect(await lengths(db)).toEqual([30 * DAY_MS]);
    expect(await history(db)).toEqual(["access.grant Dana"]);
    expect(await jobs(db)).toBe(1);
  });

  it("is not granted twice, and leaves no row of the refusal", async () => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;
    await ask(db, { verb: "grant", days: 30 });
    const { until } = await onNow(db);

    const second = ask(db, { verb: "grant", days: 5 }, { by: olaf });

    await expect(second).rejects.toMatchObject({ code: "access-already-on", facts: { until } });
    expect(await counts(db)).toEqual({ grants: 1, history: 1, inbox: 1, jobs: 1 });
  });

  it("is reset to a new period from now", async () => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;
    await database.setNow(START);
    await ask(db, { verb: "grant", days: 90 });
    await database.setNow(new Date(START.getTime() + 60 * DAY_MS));

    await ask(db, { verb: "reset", days: 90 }, { by: olaf });

    const { until, setBy } = await onNow(db);
    expect(setBy).toEqual(olaf);
    expect(until.getTime() - START.getTime()).toBeGreaterThanOrEqual(150 * DAY_MS);
    expect(await lengths(db)).toEqual([90 * DAY_MS, 90 * DAY_MS]);
    expect(await history(db)).toEqual(["access.grant Dana", "access.reset Olaf"]);
  });

  it("is ended at once", async () => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;
    await ask(db, { verb: "grant", days: 30 });

    await ask(db, { verb: "off" });

    expect(await supportAccess(db, "acme")).toEqual({ isOn: false });
    expect(await history(db)).toEqual(["access.grant Dana", "access.off Dana"]);
  });

  it.each(["off", "reset"] as const)("refuses %s while it is off", async (verb) => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;

    const change: Change = verb === "off" ? { verb } : { verb, days: 30 };

    await expect(ask(db, change)).rejects.toMatchObject({ code: "access-already-off" });
    expect(await counts(db)).toEqual({ grants: 0, history: 0, inbox: 0, jobs: 0 });
  });

  it("answers a repeated delivery as the first, with no second effect", async () => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;
    const first = await ask(db, { verb: "grant", days: 30 }, { key: "one" });
    const off = await ask(db, { verb: "off" }, { key: "two" });

    const repeats = [
      await ask(db, { verb: "grant", days: 30 }, { key: "one" }),
      await ask(db, { verb: "off" }, { key: "two" }),
    ];

    expect(repeats).toEqual([first, off]);
    expect(await supportAccess(db, "acme")).toEqual({ isOn: false });
    expect(await counts(db)).toEqual({ grants: 1, history: 2, inbox: 2, jobs: 1 });
  });

  it("ends at its date with nobody at work, and is noted once, at the first look", async () => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;
    await database.setNow(START);
    await ask(db, { verb: "grant", days: 1 });
    const { until } = await onNow(db);

    await database.setNow(new Date(until.getTime() - 60_000));
    const lastMinute = await supportAccess(db, "acme");
    await database.setNow(until);
    const atTheEnd = await supportAccess(db, "acme");
    await supportAccess(db, "acme");

    expect(lastMinute.isOn).toBe(true);
    expect(atTheEnd).toEqual({ isOn: false });
    expect(await history(db)).toEqual(["access.grant Dana", "access.ran-out Deskline"]);
  });

  it("stays ended when the database's clock is set back", async () => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;
    await database.setNow(START);
    await ask(db, { verb: "grant", days: 1 });
    await database.setNow(new Date(START.getTime() + 2 * DAY_MS));
    await supportAccess(db, "acme");

    await database.setNow(START);

    expect(await supportAccess(db, "acme")).toEqual({ isOn: false });
  });

  it("stays ended when the look past its end was a refusal", async () => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;
    await database.setNow(START);
    await ask(db, { verb: "grant", days: 1 });
    await database.setNow(new Date(START.getTime() + 2 * DAY_MS));
    await expect(ask(db, { verb: "off" })).rejects.toMatchObject({ code: "access-already-off" });

    await database.setNow(START);

    expect(await supportAccess(db, "acme")).toEqual({ isOn: false });
    expect(await history(db)).toEqual(["access.grant Dana", "access.ran-out Deskline"]);
  });

  it("is granted anew after it ran out", async () => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;
    await database.setNow(START);
    await ask(db, { verb: "grant", days: 1 });
    await database.setNow(new Date(START.getTime() + 2 * DAY_MS));

    await ask(db, { verb: "grant", days: 1 }, { by: olaf });

    expect(await onNow(db)).toMatchObject({ setBy: olaf });
    expect(await history(db)).toEqual([
      "access.grant Dana",
      "access.ran-out Deskline",
      "access.grant Olaf",
    ]);
  });

  it("belongs to one account", async () => {
    await using database = await withAccount(createTestDatabase);
    const { db } = database;
    await saveAccount(db, { id: "beta", name: "Beta", plan: "paid" });

    await ask(db, { verb: "grant", days: 30 });

    expect(await supportAccess(db, "beta")).toEqual({ isOn: false });
    await expect(ask(db, { verb: "off" }, { accountId: "beta" })).rejects.toMatchObject({
      code: "access-already-off",
    });
    expect((await supportAccess(db, "acme")).isOn).toBe(true);
  });

  it("does the same in the embedded database", async () => {
    await using database = await withAccount(createEmbeddedDatabase);
    const { db } = database;
    await database.setNow(START);
    await ask(db, { verb: "grant", days: 90 }, { key: "one" });
    await ask(db, { verb: "grant", days: 90 }, { key: "one" });
    await ask(db, { verb: "reset", days: 90 });
    await ask(db, { verb: "off" });
    await ask(db, { verb: "grant", days: 1 });
    await expect(ask(db, { verb: "grant", days: 1 })).rejects.toMatchObject({
      code: "access-already-on",
    });
    await database.setNow(new Date(START.getTime() + 2 * DAY_MS));

    expect(await supportAccess(db, "acme")).toEqual({ isOn: false });
    expect(await counts(db)).toEqual({ grants: 3, history: 5, inbox: 4, jobs: 3 });
  });
});

describe("the 90 days", () => {
  it.each([
    ["90 days and a second", "2160 hours 1 second", false],
    ["90 days", "2160 hours", true],
    ["a second", "1 second", true],
    ["nothing", "0 seconds", false],
    ["less than nothing", "-1 second", false],
    ["until the year 9999", "7000 years", false],
  ])("are the table's own rule: %s", async (_length, interval, isAllowed) => {
    await using database = await withAccount(createTestDatabase);

    const insert = sql`
      insert into support_grant
        (account_id, set_at, ends_at, set_by_team_id, set_by_user_id, set_by_name)
      values ('acme', now(), now() + ${interval}::interval, 'T0ACME', 'U0DANA', 'Dana')`;

    const written = insert.execute(database.db).then(
      () => true,
      (error: unknown) => !/violates check constraint/.test(String(error)),
    );
    expect(await written).toBe(isAllowed);
  });

  const zones = ["America/New_York", "Europe/London", "Asia/Tokyo", "Pacific/Apia", "UTC"];
  const starts = [
    "2027-01-15T09:00Z",
    "2027-03-14T06:59:59Z",
    "2027-10-31T00:30Z",
    "2028-02-28T23:59Z",
  ];
  it.each(zones)("have 24 hours each, whatever %s does to its clocks", async (zone) => {
    await using database = await withAccount(createTestDatabase);
    const name = new URL(database.url).pathname.slice(1);
    await sql.raw(`alter database ${name} set timezone = '${zone}'`).execute(database.db);
    await using there = await connect({ url: database.url });

    for (const start of starts) {
      await database.setNow(new Date(start));
      await ask(there.db, { verb: "grant", days: 90 });
      await database.setNow(new Date(Date.parse(start) + 91 * DAY_MS));
      expect(await supportAccess(there.db, "acme")).toEqual({ isOn: false });
    }

    expect(await lengths(there.db)).toEqual(starts.map(() => 90 * DAY_MS));
  });
});

describe("two admins at once", () => {
  it.each([
    ["grant and grant", off, grant(30), grant(5), ["access-already-on"]],
    ["grant and off", off, grant(30), off, ["access-already-off"]],
    ["reset and off", grant(30), reset(5), off, ["access-already-off"]],
    ["reset and reset", grant(30), reset(5), reset(6), []],
    ["off and off", grant(30), off, off, ["access-already-off"]],
  ])("are served one after the other: %s", { timeout: 60_000 }, async (...pair) => {
    const [, before, one, other, refusals] = pair;
    await using database = await withAccount(createTestDatabase);
    const { db } = database;

    for (let round = 0; round < 40; round += 1) {
      const accountId = `acme-${round}`;
      await saveAccount(db, { id: accountId, name: "Acme", plan: "paid" });
      if (before.verb !== "off") await ask(db, before, { accountId });
      const lines = (await history(db, accountId)).length;

      const results = await Promise.allSettled([
        ask(db, one, { accountId, by: dana }),
        ask(db, other, { accountId, by: olaf }),
      ]);

      const refused = results.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
      for (const problem of refused) expect(refusals).toContain(problem.code);
      const done = 2 - refused.length;
      expect(done).toBeGreaterThan(0);
      expect(await history(db, accountId)).toHaveLength(lines + done);
      expect(await activeGrants(db, accountId)).toBeLessThan(2);
    }
  });
});

const off: Change = { verb: "off" };

function grant(days: number): Change {
  return { verb: "grant", days };
}

function reset(days: number): Change {
  return { verb: "reset", days };
}

async function withAccount<D extends TestDatabase>(create: () => Promise<D>): Promise<D> {
  const database = await create();
  await saveAccount(database.db, { id: "acme", name: "Acme", plan: "paid" });
  return database;
}

async function ask(
  db: Db,
  change: Change,
  { key = crypto.randomUUID() as string, accountId = "acme", by = dana } = {},
) {
  return changeAccess(db, change, { key, accountId, by });
}

async function onNow(db: Db) {
  const access = await supportAccess(db, "acme");
  if (!access.isOn) throw new Error("support access is off");
  return access;
}

/** Milliseconds of every grant, in the order they were set. */
async function lengths(db: Db): Promise<number[]> {
  const rows = await db.selectFrom("support_grant").selectAll().orderBy("set_at").execute();
  return rows.map((row) => row.ends_at.getTime() - row.set_at.getTime());
}

async function history(db: Db, accountId = "acme"): Promise<string[]> {
  const rows = await db
    .selectFrom("account_history")
    .selectAll()
    .where("account_id", "=", accountId)
    .orderBy("at")
    .execute();
  return rows.map((row) => `${row.event} ${row.actor_name}`);
}

async function activeGrants(db: Db, accountId: string): Promise<number> {
  const rows = await db
    .selectFrom("support_grant")
    .select("id")
    .where("account_id", "=", accountId)
    .where("ended_at", "is", null)
    .execute();
  return rows.length;
}

async function jobs(db: Db): Promise<number> {
  return (await db.selectFrom("job").select("id").where("name", "=", "access.end").execute())
    .length;
}

async function counts(db: Db) {
  return {
    grants: (await lengths(db)).length,
    history: (await history(db)).length,
    inbox: (await db.selectFrom("inbox").select("key").execute()).length,
    jobs: await jobs(db),
  };
}

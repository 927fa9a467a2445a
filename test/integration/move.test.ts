import { dirname } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect, type Db } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { move } from "#db/move.ts";
import { isEqual } from "#db/move-compare.ts";
import { refuseMoved } from "#db/moved.ts";
import { onFaultPoint } from "#fault-points.ts";
import {
  createEmbeddedFolder,
  createEmptyDatabase,
  createTestDatabase,
} from "../support/database.ts";
import { type Ended, runDeskline } from "../support/deskline.ts";
import { everyRow, fillOdd, fillTickets, ODD_TABLE } from "../support/moved-rows.ts";

vi.setConfig({ testTimeout: 120_000 }); // every case starts programs that open databases
let stack: AsyncDisposableStack;
let folder: string;
let url: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await createEmbeddedFolder()).folder;
  url = stack.use(await createEmptyDatabase()).url;
});
afterEach(async () => {
  onFaultPoint(undefined);
  await stack.disposeAsync();
});

describe("deskline move", () => {
  it("takes every row to PostgreSQL as it is, and says that both sides are equal", async () => {
    const before = await inside({ folder }, async (db) => {
      await sql.raw(ODD_TABLE).execute(db);
      await fillOdd(db);
      await fillTickets(db, 3);
      return everyRow(db);
    });
    await inside({ url }, (db) => sql.raw(ODD_TABLE).execute(db));

    const moved = await moveTo(url);

    expect(moved.complaint).toBe("");
    expect(moved.code).toBe(0);
    expect(moved.out).toMatch(/^ticket +3 +3 +[0-9a-f]{16} +equal$/m);
    expect(moved.out).toMatch(/^odd +4 +4 +[0-9a-f]{16} +equal$/m);
    expect(moved.out).toMatch(/^ticket_number_seq +1 +1 +after 1003 +equal$/m);
    expect(moved.out).toContain("Both sides are equal.");
    await inside({ url }, async (db) => {
      expect(await everyRow(db)).toEqual(before);
      await fillTickets(db, 1);
      const newest =
        await sql`select max(number) as ticket, (select max(seq) from job) as job from ticket`.execute(
          db,
        );
      expect(newest.rows).toEqual([{ ticket: 1004, job: 4 }]);
    });
  });

  it("leaves keys, checks, triggers and indexes as the migrations make them", async () => {
    await inside({ folder }, (db) => fillTickets(db, 1));
    await using fresh = await createTestDatabase();

    await moveTo(url);

    expect(await inside({ url }, schemaOf)).toEqual(await schemaOf(fresh.db));
  });

  it("takes 20,000 tickets with their jobs", async () => {
    const before = await inside({ folder }, async (db) => {
      await fillTickets(db, 20_000);
      return everyRow(db);
    });

    const moved = await moveTo(url);

    expect(moved.out).toMatch(/^60001 rows to move$/m);
    expect(moved.out).toMatch(/^ticket: 20000$/m);
    expect(moved.code).toBe(0);
    expect(await inside({ url }, everyRow)).toEqual(before);
  });

  it("finds the table that is not equal, and frees neither side", async () => {
    await inside({ folder }, (db) => fillTickets(db, 2));
    await using from = await connect({ folder });
    await using to = await connect({ url });
    onFaultPoint(async (point) => {
      if (point === "move.after-commit")
        await sql`update ticket set updated_at = updated_at + interval '1 microsecond' where number = 1002`.execute(
          to.db,
        );
    });

    const compared = await move({ from, to, place: "here" }, quiet);

    expect(compared.filter((each) => !isEqual(each)).map(({ what }) => what)).toEqual(["ticket"]);
    await expect(refuseMoved(from.db)).rejects.toThrow("on its way to here");
    await expect(refuseMoved(to.db)).rejects.toThrow("Only a part of the rows");
  });

  it("says so with exit code 1 when they differ", async () => {
    await inside({ folder }, (db) => fillTickets(db, 2));
    await stopAt("move.after-left");
    await inside({ to: url }, (to) => sql`delete from job where seq = 2`.execute(to));

    const again = await moveTo(url);

    expect(again.out).toMatch(/^job +2 +1 +[0-9a-f]{16} \/ [0-9a-f]{16} +DIFFERENT$/m);
    expect(again.complaint).toMatch(/^Not equal: job\. /);
    expect(again.code).toBe(1);
  });
});

describe("after a move", () => {
  it("the embedded database says where its rows are, and not the password", async () => {
    await inside({ folder }, (db) => fillTickets(db, 1));
    const withPassword = new URL(url);
    withPassword.password ||= "secret-word";
    await moveTo(withPassword.href);

    const listed = await deskline("account", "list");
    const again = await moveTo(url);

    for (const refused of [listed, again]) {
      expect(refused.code).toBe(1);
      expect(refused.complaint).toContain(`was moved to ${placeOf(url)} on 2`);
      expect(refused.complaint).not.toContain(withPassword.password);
    }
  });

  it("--undo lets it be used again, and leaves the other side alone", async () => {
    await inside({ folder }, (db) => fillTickets(db, 1));
    await moveTo(url);

    const undone = await deskline("move", "--undo");
    const twice = await deskline("move", "--undo");

    expect(undone.out).toContain(`Start no Deskline on ${placeOf(url)}`);
    expect(twice.complaint).toBe("This embedded database was not moved.\n");
    expect((await deskline("account", "list")).code).toBe(0);
    expect((await moveTo(url)).complaint).toContain("its table account has rows");
  });
});

describe("a move is refused in a sentence", () => {
  it("into a database that has rows, which stay as they are", async () => {
    await inside({ url }, (db) => fillTickets(db, 1));
    const before = await inside({ url }, everyRow);

    const refused = await moveTo(url);

    expect(refused).toMatchObject({
      code: 1,
      complaint: expect.stringContaining("Nothing is overwritten"),
    });
    expect(await inside({ url }, everyRow)).toEqual(before);
    expect((await deskline("account", "list")).code).toBe(0); // the source is as free as before
  });

  it("into a half of another move, and into two databases at once", async () => {
    await stopAt("move.after-commit");
    await using other = await createEmbeddedFolder();
    await using elsewhere = await createEmptyDatabase();

    const foreign = await moveTo(url, dirname(other.folder));
    const second = await moveTo(elsewhere.url);

    expect(foreign).toMatchObject({
      code: 1,
      complaint: expect.stringContaining("a part of another move"),
    });
    expect(second).toMatchObject({
      code: 1,
      complaint: expect.stringContaining(`on its way to ${placeOf(url)}`),
    });
  });

  it("of a folder in use", async () => {
    await using _open = await connect({ folder });

    expect(await moveTo(url)).toMatchObject({
      code: 1,
      complaint: expect.stringMatching(
        /^Another Deskline is using the data folder .*, or set --from to another folder\.\n$/,
      ),
    });
  });

  it("of a folder without a database, with a hint at a trial's", async () => {
    const parent = dirname(dirname(folder));

    expect((await moveTo(url, parent)).complaint).toBe(
      `There is no embedded database in ${parent}.\n`,
    );
  });

  it("into letters that cannot hold ours", async () => {
    await using ascii = await createEmptyDatabase("SQL_ASCII");

    expect((await moveTo(ascii.url)).complaint).toContain("is in SQL_ASCII");
  });

  it("by a user who may not create tables", async () => {
    const name = `nobody_${Date.now()}`;
    await inside({ to: url }, (db) =>
      sql.raw(`create role ${name} login password 'x'`).execute(db),
    );
    const poor = new URL(url);
    [poor.username, poor.password] = [name, "x"];

    const refused = await moveTo(poor.href);
    const wrong = Object.assign(new URL(poor.href), { password: "y" });
    const stranger = await moveTo(wrong.href);
    await inside({ to: url }, (db) => sql.raw(`drop role ${name}`).execute(db));

    expect(refused.complaint).toMatch(/^The user "nobody_\d+" may not make tables in .*\n$/);
    expect(stranger.complaint).toMatch(/ refuses the user "nobody_\d+" or its password .*\n$/);
    expect([refused.code, stranger.code]).toEqual([1, 1]);
    expect((await deskline("account", "list")).code).toBe(0);
  });

  it.each([
    [["--to", "mysql://localhost/none"], "--to must be a postgres:// address."],
    [["--to", "postgres://nobody@127.0.0.1:9/none"], "(ECONNREFUSED). Start it, or correct --to."],
    [[], "Give --to, or --undo."],
    [["--undo", "--to", "postgres://localhost/x"], "Give --to, or --undo."],
  ])("with %j", async (words, sentence) => {
    const refused = await deskline("move", ...words);

    expect(refused).toMatchObject({ code: 1, complaint: expect.stringContaining(sentence) });
    expect(refused.complaint).not.toContain("    at ");
  });
});

const quiet = { onBegin() {}, onRows() {} };

function moveTo(to: string, from = dirname(folder)): Promise<Ended> {
  return deskline("move", "--to", to, "--from", from);
}

function deskline(...words: string[]): Promise<Ended> {
  return runDeskline(words, { env: { DESKLINE_DATA: dirname(folder) } });
}

/** `to` as it is; the others are brought up to date. */
async function inside<T>(
  at: { folder: string } | { url: string } | { to: string },
  work: (db: Db) => Promise<T>,
): Promise<T> {
  await using database = await connect("to" in at ? { url: at.to } : at);
  if (!("to" in at)) await migrate(database.db);
  return await work(database.db);
}

async function stopAt(point: string): Promise<void> {
  await using from = await connect({ folder });
  await using to = await connect({ url });
  onFaultPoint(async (at) => {
    if (at === point) throw new Error("stopped by the test");
  });
  await expect(move({ from, to, place: placeOf(url) }, quiet)).rejects.toThrow(
    "stopped by the test",
  );
}

function placeOf(text: string): string {
  const { host, pathname } = new URL(text);
  return `${host}${pathname}`;
}

async function schemaOf(db: Db): Promise<unknown[]> {
  const { rows } = await sql`
    select conrelid::regclass::text as of, conname as name, pg_get_constraintdef(oid) as is, convalidated::text as more
      from pg_constraint where connamespace = 'public'::regnamespace
    union all select tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid)
      from pg_trigger where not tgisinternal
    union all select tablename, indexname, indexdef, '' from pg_indexes where schemaname = 'public'
    order by 1, 2, 3`.execute(db);
  return rows;
}

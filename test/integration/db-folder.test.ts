import { readdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { createEmbeddedFolder } from "../support/database.ts";
import { type Program, startProgram } from "../support/program.ts";

const writer = new URL("./db-writer.ts", import.meta.url);
let place: AsyncDisposable & { folder: string };
let folder: string;
beforeEach(async () => {
  place = await createEmbeddedFolder();
  folder = place.folder;
});
afterEach(() => place[Symbol.asyncDispose]());

it("keeps everything that was acknowledged when its process is killed while writing", async () => {
  const acknowledged: string[] = [];
  for (const writes of [20, 40, 60]) {
    await using program = startProgram(writer, folder, "write");
    await printed(program, writes);
    await program.kill();
    acknowledged.push(...program.lines.filter((line) => line !== "open"));
  }

  await using database = await connect({ folder });
  const { db } = database;
  const kept = new Set(
    (await db.selectFrom("account").select("id").execute()).map((row) => row.id),
  );
  const halves = await sql`select from account left join account_admin a on a.account_id = id
    where a.account_id is null`.execute(db);

  expect(acknowledged.length).toBeGreaterThan(100);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  expect(halves.rows).toEqual([]);
});

it("opens again when its process was killed while it made the folder", async () => {
  const fresh = join(folder, "fresh");
  await using program = startProgram(writer, fresh);
  await expect
    .poll(() => readdir(fresh).catch(() => []), { interval: 5, timeout: 10_000 })
    .toContain("postgres");
  await program.kill();

  await using database = await connect({ folder: fresh });

  await expect(migrate(database.db)).resolves.toBeUndefined();
});

it("refuses a second process in words, and harms nothing", async () => {
  await using first = startProgram(writer, folder, "write");
  await printed(first, 5);

  await using second = startProgram(writer, folder);

  expect(await second.ended).not.toBe(0);
  expect(second.complaints()).toContain(
    `Another Deskline is using the data folder ${folder}. Stop it first, or set DESKLINE_DATA to another folder.`,
  );
  await printed(first, first.lines.length + 5);
  await first.kill();
  await using database = await connect({ folder });
  const { count } = await database.db
    .selectFrom("account")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  expect(count).toBeGreaterThanOrEqual(first.lines.length - 1);
});

it("refuses a second opening in the same process, whatever the folder is called", async () => {
  await using _open = await connect({ folder });
  const nickname = `${folder}-nickname`;
  await symlink(folder, nickname);

  for (const name of [folder, `${folder}/`, nickname])
    await expect(connect({ folder: name })).rejects.toThrow("Another Deskline is using");
});

it("keeps its rows over a restart, and frees the folder when it closes", async () => {
  for (const id of ["a", "b"]) {
    await using database = await connect({ folder });
    await database.db.insertInto("account").values({ id, name: id }).execute();
  }

  await using database = await connect({ folder });

  expect(await database.db.selectFrom("account").select("id").orderBy("id").execute()).toEqual([
    { id: "a" },
    { id: "b" },
  ]);
});

it("frees the folder when it cannot be opened", async () => {
  const version = join(folder, "postgres", "PG_VERSION");
  await rename(version, `${version}.away`);
  await writeFile(version, "9");
  await expect(connect({ folder })).rejects.toThrow();

  await rename(`${version}.away`, version);

  await using database = await connect({ folder });
  expect(database.kind).toBe("pglite");
});

it("answers in words after it was closed", async () => {
  const database = await connect({ folder });
  await database[Symbol.asyncDispose]();

  await expect(sql`select 1`.execute(database.db)).rejects.toThrow(/closed|destroyed/);
});

async function printed(program: Program, count: number): Promise<void> {
  while (program.lines.length < count) await program.nextLine();
}

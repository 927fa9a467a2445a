import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Db } from "#db/connect.ts";
import { lockFolder } from "#db/folder-lock.ts";
import { createEmptyDatabase, createTestDatabase } from "../support/database.ts";
import { onFullDisk } from "../support/full-disk.ts";
import { LEAST, startInVain } from "../support/main-process.ts";
import { type Servers, startServers } from "../support/servers.ts";

const UNPRIVILEGED = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const isRoot = process.getuid?.() === 0;

/** The sentences of docs/operate.md, taken apart where anything may stand. */
const documented = [
  ...(await readFile("docs/operate.md", "utf8")).matchAll(/^\| \*(.+?)\* \|/gm),
].map(([, sentence = ""]) => sentence.split("…"));

describe("a database that cannot be used is said in one sentence", () => {
  it.each<[string, (url: URL) => void, RegExp]>([
    [
      "it refuses connections",
      (url) => {
        url.host = "127.0.0.1:9";
      },
      /^The database at 127\.0\.0\.1:9 cannot be reached \(ECONNREFUSED\)\. Start it, or correct DATABASE_URL\.\n$/,
    ],
    [
      "its machine is unknown",
      (url) => {
        url.host = "no-such-machine.invalid:5432";
      },
      /^The database at no-such-machine\.invalid:5432 cannot be reached \((ENOTFOUND|EAI_AGAIN)\)\. .*\n$/,
    ],
    [
      "the password is wrong",
      (url) => {
        url.password = "wrong-password";
      },
      /^The database at \S+ refuses the user "postgres" or its password \(28P01\)\. Correct DATABASE_URL\.\n$/,
    ],
    [
      "there is none of that name",
      (url) => {
        url.pathname = "/deskline_nowhere";
      },
      /^There is no database "deskline_nowhere" at \S+\. Create it with `createdb deskline_nowhere`, or correct DATABASE_URL\.\n$/,
    ],
    [
      "it knows no encryption, and it is asked for",
      (url) => {
        url.searchParams.set("sslmode", "verify-full");
      },
      /^The database at \S+ and Deskline do not agree on an encrypted connection \(ETLS\)\. See "sslmode" in DATABASE_URL\.\n$/,
    ],
    [
      "the user has a % that is no escape",
      (url) => {
        url.username = "50%E4";
      },
      /^The database at \S+ cannot be opened: URI malformed\. .*\n$/,
    ],
    [
      "there is none of that name, which has a % in it",
      (url) => {
        url.pathname = "/50%zz";
      },
      /^There is no database "50%zz" at .*\n$/,
    ],
    [
      "its certificates are not there",
      (url) => {
        url.searchParams.set("sslrootcert", "/nowhere/root.pem");
      },
      /^The database at \S+ cannot be opened: ENOENT: .*'\/nowhere\/root\.pem'\. .*\n$/,
    ],
  ])("%s", async (_, change, sentence) => {
    await using database = await createTestDatabase();
    const url = new URL(database.url);
    change(url);

    const { code, said } = await startInVain({ ...LEAST, DATABASE_URL: url.href });

    expect(said).toMatch(sentence);
    expect(said).not.toContain(new URL(database.url).password);
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it.each<[string, (db: Db) => Promise<unknown>, RegExp]>([
    [
      "it is read-only",
      (db) => onDatabase(db, "set default_transaction_read_only = on"),
      /^The database "\S+" at \S+ is read-only\. Lead DATABASE_URL to the primary server, or end its read-only mode\.\n$/,
    ],
    ["its disk is full", fillUp, /^The disk of the database at \S+ is full\. Make room; .*\n$/],
    [
      "it is older than PostgreSQL 15",
      pretendToBeOld,
      /^The database is PostgreSQL 14\. Deskline needs 15 or newer: .*\n$/,
    ],
    [
      "a newer Deskline has changed it",
      (db) => sql`insert into migration values ('0999-later.sql', 'x')`.execute(db),
      /^A newer Deskline has changed this database: it has 0999-later\.sql, which this version does not know\. Start that version or a later one\. .*\n$/,
    ],
  ])("%s", async (_, spoil, sentence) => {
    await using database = await createTestDatabase();
    await spoil(database.db);

    const { code, said } = await startInVain({ ...LEAST, DATABASE_URL: database.url });

    expect(said).toMatch(sentence);
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it("it takes no connections", async () => {
    await using database = await createEmptyDatabase();
    const name = new URL(database.url).pathname.slice(1);
    await using server = await connect({ url: new URL("/postgres", database.url).href });
    await sql`alter database ${sql.id(name)} allow_connections false`.execute(server.db);

    const { code, said } = await startInVain({ ...LEAST, DATABASE_URL: database.url });

    expect(said).toMatch(
      /^The database at \S+ cannot be opened: database "\S+" is not currently accepting connections\. .*\n$/,
    );
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it.each(["ticket", "migration"])("another program has a table %s in it", async (table) => {
    await using database = await createEmptyDatabase();
    await using other = await connect({ url: database.url });
    await sql`create table ${sql.id(table)} (id int)`.execute(other.db);

    const { code, said } = await startInVain({ ...LEAST, DATABASE_URL: database.url });

    expect(said).toMatch(/^The database "\S+" at \S+ has tables of something else: .*\n$/);
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it.each(["LATIN1", "SQL_ASCII"] as const)("it is in %s", async (encoding) => {
    await using database = await createEmptyDatabase(encoding);

    const { code, said } = await startInVain({ ...LEAST, DATABASE_URL: database.url });

    expect(said).toBe(`The database is in ${encoding}. Make one in UTF8.\n`);
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });
});

describe("a data folder that cannot be used is said in one sentence", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(isRoot ? "/tmp" : tmpdir(), "deskline-start-"));
    await chmod(folder, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("another process holds it", async () => {
    using _held = lockFolder(join(folder, "held/db"));

    const { code, said } = await startAt(join(folder, "held"));

    expect(said).toMatch(/^Another Deskline is using the data folder \S+held\/db\. .*\n$/);
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it.each(["nothing yet", "its folder already"])(
    "it is not writable, with %s there",
    async (there) => {
      const place = join(folder, `guarded-${there.length}`);
      await mkdir(there === "nothing yet" ? place : join(place, "db"), { recursive: true });
      await chmod(join(place, there === "nothing yet" ? "." : "db"), 0o555);

      const { code, said } = await startAt(place, { under: isRoot ? UNPRIVILEGED : [] });

      expect(said).toMatch(
        /^The data folder \S+ cannot be written by user \d+, as whom this runs\. Give it to that user, or .*\n$/,
      );
      expect(said).toSatisfy(isDocumented);
      expect(code).toBe(1);
    },
  );

  it("the trial may not write it", async () => {
    const program = new URL("../../src/try.ts", import.meta.url);
    const place = join(folder, "guarded-trial");
    await mkdir(place, { mode: 0o555 });

    const { code, said } = await startAt(place, { program, under: isRoot ? UNPRIVILEGED : [] });

    expect(said).toMatch(/^The data folder \S+trial cannot be written by user \d+, .*\n$/);
    expect(code).toBe(1);
  });

  it("it is a file", async () => {
    await writeFile(join(folder, "file"), "");

    const { code, said } = await startAt(join(folder, "file"));

    expect(said).toMatch(/^The data folder \S+file\/db is not a folder\. .*\n$/);
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it("its disk is full", async () => {
    const full = join(folder, "full");
    await mkdir(full);

    const { code, said } = await startAt(full, await onFullDisk(full));

    expect(said).toMatch(/^The disk of the data folder \S+full\/db is full\. Make room; .*\n$/);
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it.each<[string, (db: string) => Promise<unknown>]>([
    ["its lock is junk", (db) => writeFile(join(db, "lock"), "junk ".repeat(100))],
    ["its lock is a folder", (db) => mkdir(join(db, "lock"))],
    ["what is in it is a file", (db) => writeFile(join(db, "postgres"), "junk")],
    ["what is in it is junk", (db) => makeJunk(join(db, "postgres"))],
  ])("%s", async (name, spoil) => {
    const place = join(folder, name.replaceAll(" ", "-"));
    await mkdir(join(place, "db"), { recursive: true });
    await spoil(join(place, "db"));

    const { code, said } = await startAt(place);

    expect(said).toMatch(/^The embedded database in \S+\/db cannot be opened: .*\. Put .*\n$/);
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it("it is a file, and a fresh trial is asked for", async () => {
    const under = ["sh", "-c", 'exec "$@" --fresh', "sh"];
    const program = new URL("../../src/try.ts", import.meta.url);
    await writeFile(join(folder, "file-for-trial"), "");

    const { code, said } = await startAt(join(folder, "file-for-trial"), { program, under });

    expect(said).toMatch(/^The data folder \S+\/trial is not a folder\. .*\n$/);
    expect(code).toBe(1);
  });

  function startAt(place: string, how = {}) {
    return startInVain({ ...LEAST, DESKLINE_DATA: place }, how);
  }
});

describe("what else keeps Deskline from starting is said in one sentence", () => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await startServers();
  });
  afterAll(() => servers[Symbol.asyncDispose]());

  it("its port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };

    const { code, said } = await start({ PORT: String(port) });
    other.close();

    expect(said).toBe(
      `Port ${port} is in use by another process. Stop that one, or choose another port.\n`,
    );
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it("it may not have the address", async () => {
    const { code, said } = await start({ HOST: "192.0.2.1" });

    expect(said).toBe("This machine has no address 192.0.2.1. Correct HOST.\n");
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it("Slack does not take its token", async () => {
    const { code, said } = await start({ SLACK_BOT_TOKEN: "xoxb-of-nobody" });

    expect(said).toMatch(/^Slack does not take SLACK_BOT_TOKEN\. Copy it again from .*\n$/);
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it("Slack does not take the token of Socket Mode", async () => {
    const { code, said } = await start({ SLACK_APP_TOKEN: "xapp-of-nobody" });

    expect(said).toMatch(
      /^Slack does not take SLACK_APP_TOKEN \(invalid_auth\)\. Make a new .*\n$/,
    );
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  it("Slack gives no answer when nobody knows the token yet", async () => {
    const { code, said } = await start({
      SLACK_BOT_TOKEN: "xoxb-new",
      SLACK_API_URL: "http://127.0.0.1:9/api/",
    });

    expect(said).toMatch(
      /^Slack gives no answer at http:\/\/127\.0\.0\.1:9\/api\/, and the first .*\n$/,
    );
    expect(said).toSatisfy(isDocumented);
    expect(code).toBe(1);
  });

  function start(env: Record<string, string>) {
    const { database, simulator } = servers;
    return startInVain({
      ...LEAST,
      DATABASE_URL: database.url,
      SLACK_API_URL: simulator.apiUrl,
      SLACK_BOT_TOKEN: simulator.tokens.T0KUMO ?? "",
      ...env,
    });
  }
});

async function onDatabase(db: Db, setting: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  await sql`alter database ${sql.ref(rows[0]?.name ?? "")} ${sql.raw(setting)}`.execute(db);
}

async function makeJunk(folder: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "PG_VERSION"), "junk");
}

/** As PostgreSQL says it when a table cannot grow. */
async function fillUp(db: Db): Promise<void> {
  await sql`
    create function refuse() returns trigger language plpgsql as $$ begin
      raise exception 'could not extend file "base/5/16500": No space left on device' using errcode = '53100';
    end $$`.execute(db);
  await sql`create trigger full_disk before insert on inbox execute function refuse()`.execute(db);
}

/** A function of ours stands before PostgreSQL's own. */
async function pretendToBeOld(db: Db): Promise<void> {
  await sql`create schema old`.execute(db);
  await sql`
    create function old.current_setting(text) returns text language sql
    as $$ select '140011' $$`.execute(db);
  await onDatabase(db, "set search_path = old, public, pg_catalog");
}

function isDocumented(said: string): boolean {
  return documented.some(([start = "", ...parts]) => {
    if (!said.startsWith(start)) return false;
    let at = start.length;
    return parts.every((part) => {
      const found = said.indexOf(part, at);
      at = found + part.length;
      return found >= 0;
    });
  });
}

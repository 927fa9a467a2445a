import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { accountOf } from "#accounts/ask.ts";
import {
  findAccount,
  findNamedAdmins,
  HOME_ACCOUNT,
  saveAccount,
  saveInstallation,
} from "#accounts/store.ts";
import { claimDue } from "#jobs/claims.ts";
import { channelLane, type Lane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { createEmbeddedDatabase } from "../support/database.ts";
import { runDeskline } from "../support/deskline.ts";
import { fillTickets } from "../support/moved-rows.ts";
import { type Servers, startServers } from "../support/servers.ts";

vi.setConfig({ testTimeout: 60_000 }); // every case starts programs that open databases
let servers: Servers;
let database: Servers["database"];
let simulator: Servers["simulator"];
beforeAll(async () => {
  servers = await startServers();
  ({ database, simulator } = servers);
});
afterAll(() => servers[Symbol.asyncDispose]());

describe("deskline account", () => {
  it("makes an account and changes only what is given", async () => {
    const made = await deskline("account set zeta --name ゼータ --admin T0ZETA/U0A T0ZETA/U0B");
    const changed = await deskline("account set zeta --plan free --channel T0KUMO/C0ZETA");
    const listed = await deskline("account list");

    expect([made.code, changed.code]).toEqual([0, 0]);
    const zeta = { id: "zeta", name: "ゼータ", plan: "free" };
    expect(await accountOf(database.db, { teamId: "T0KUMO", channelId: "C0ZETA" })).toEqual(zeta);
    expect(listed.out).toMatch(
      /^zeta +ゼータ +free +- +T0KUMO\/C0ZETA +T0ZETA\/U0A T0ZETA\/U0B +off$/m,
    );
  });

  it("replaces the admins, down to none", async () => {
    await deskline("account set eta --name Eta --admin T0ETA/U0A T0ETA/U0B");

    await deskline("account set eta --admin T0ETA/U0C");
    const one = await findNamedAdmins(database.db, "eta");
    await deskline("account set eta --admin none");

    expect(one).toEqual([{ teamId: "T0ETA", userId: "U0C" }]);
    expect(await findNamedAdmins(database.db, "eta")).toEqual([]);
  });

  it("says from whom it takes a channel", async () => {
    await deskline("account set one --name One --channel T0KUMO/C0MOVED");

    const moved = await deskline("account set two --name Two --channel T0KUMO/C0MOVED");

    expect(moved.out).toContain("T0KUMO/C0MOVED belonged to one until now.");
  });

  it.each([
    ["account set Theta --name Theta", "cannot be an account's id"],
    ["account set theta", "give its --name"],
    ["account set theta --name Theta --plan gold", "Allowed choices are free, paid"],
    ["account set theta --name Theta --admin U0DANA", "should look like T0123ABCD/U0123ABCD"],
    ["account set theta --name Theta --channel T0ACME/U0X", "should look like T0123ABCD/C0123ABCD"],
    ["account drop theta", "error: unknown command 'drop'"],
  ])("refuses `%s` in words and writes nothing", async (line, words) => {
    const refused = await deskline(line);

    expect(refused.code).toBe(1);
    expect(refused.complaint).toContain(words);
    expect(refused.complaint).not.toContain("    at ");
    expect(await findAccount(database.db, "theta")).toBeUndefined();
  });
});

describe("deskline install", () => {
  const line = () => `install --account acme --slack-api-url ${simulator.apiUrl}`;

  it("connects a workspace whose token comes on the standard input", async () => {
    const token = simulator.tokens.T0ACME;

    const installed = await deskline(line(), { input: `${token}\n` });

    expect(installed).toMatchObject({ code: 0, complaint: "" });
    expect(installed.out).toBe("Acme (T0ACME) is connected to the account acme.\n");
    expect(await workspace("T0ACME")).toMatchObject({
      account_id: "acme",
      bot_token: token,
      bot_user_id: "U0DLACME",
      is_home: false,
      revoked_at: null,
    });
  });

  it("connects it again after its token ended, and takes the notice back", async () => {
    const input = simulator.tokens.T0ACME ?? "";
    await deskline(line(), { input });
    await database.db.updateTable("installation").set({ revoked_at: new Date() }).execute();
    const notice = { key: "workspace-disconnected:T0ACME", detail: "Acme", cleared_at: null };
    await database.db.insertInto("operator_notice").values(notice).execute();
    const before = await deskline("notices");

    await deskline(line(), { input });

    expect(before.out).toContain(
      "workspace-disconnected:T0ACME  The token of the workspace “Acme” has ended. Install the app again;",
    );
    expect((await deskline("notices")).out).toBe(`Nothing needs you. Looked at ${place()}.\n`);
    expect(await workspace("T0ACME")).toMatchObject({ revoked_at: null });
  });

  it("leaves the vendor's own workspace to its setting", async () => {
    const { db } = database;
    await saveAccount(db, { id: HOME_ACCOUNT, name: "Kumo", plan: "paid" });
    const home = { teamId: "T0KUMO", teamName: "Kumo", accountId: undefined, isHome: true };
    await saveInstallation(db, { ...home, botToken: "xoxb-1", botUserId: "U1", botId: "B1" });

    const refused = await deskline(line(), { input: simulator.tokens.T0KUMO ?? "" });

    expect(refused).toMatchObject({
      code: 1,
      complaint: expect.stringContaining("SLACK_BOT_TOKEN"),
    });
    expect(await workspace("T0KUMO")).toMatchObject({ is_home: true, account_id: null });
    expect((await deskline("account list")).out).toMatch(/^home +Kumo +paid +T0KUMO /m);
  });

  it.each(["", "hello", "xoxp-1-2", "xoxb-1\nxoxb-2"])("refuses %j as a token", async (input) => {
    const refused = await deskline(line(), { input });

    expect(refused).toMatchObject({ code: 1, complaint: expect.stringContaining("xoxb-") });
  });

  it("asks Slack at SLACK_API_URL, and names the address that does not answer", async () => {
    const env = { SLACK_API_URL: "http://127.0.0.1:9/api/" };

    const refused = await deskline("install --account acme", { input: "xoxb-1", env });

    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.complaint).toBe(
      "Slack gives no answer at http://127.0.0.1:9/api/ (A request error occurred: fetch failed). Try again, and see that this machine may reach that address.\n",
    );
  });

  it("says what Slack said to a token it does not take, and not the token", async () => {
    const refused = await deskline(line(), { input: "xoxb-not-a-real-one" });

    expect(refused).toMatchObject({ code: 1, complaint: expect.stringContaining("invalid_auth") });
    expect(refused.complaint).not.toContain("not-a-real-one");
  });
});

describe("deskline jobs", () => {
  beforeEach(async () => {
    await database.db.deleteFrom("job").execute();
  });

  it("lists what was given up, shows it by its reference and tries it again", async () => {
    const id = await deadJob();

    const stuck = await deskline("jobs stuck");
    const shown = await deskline(`jobs show ${id.slice(0, 8)}`);
    const retried = await deskline(`jobs retry ${id.slice(0, 8)}`);

    expect(stuck.out).toContain(id);
    expect(shown.out).toMatch(/^lastError +Error: the desk said no$/m);
    expect(shown.out).toContain('{"grantId":"g","accountId":"a"}');
    expect(retried).toMatchObject({ code: 0, out: "1 job will run again.\n" });
    const again = await job(id);
    expect(again).toMatchObject({ dead_at: null, failures: 0, crashes: 0, claim: null });
    expect(again?.due_at).toEqual(again?.run_at); // as patient with it as with a new one
    expect((await deskline("jobs stuck")).out).toBe(
      "1 job is due, and no worker has taken it yet: look again in a few seconds.\n1 job is tried again: Error: the desk said no\n",
    );
  });

  it("tries all of them again", async () => {
    const ids = [await deadJob(), await deadJob()];

    const retried = await deskline("jobs retry --all");

    expect(retried.out).toBe("2 jobs will run again.\n");
    for (const id of ids) expect(await job(id)).toMatchObject({ dead_at: null });
  });

  it("leaves a job alone that is done", async () => {
    const id = await deadJob();
    await deskline(`jobs drop ${id}`);

    expect(await deskline(`jobs retry ${id}`)).toMatchObject({
      code: 1,
      complaint: "This job is done, or a worker has it just now.\n",
    });
    expect(await deskline(`jobs drop ${id}`)).toMatchObject({
      code: 1,
      complaint: "This job was not given up.\n",
    });
  });

  it("drops what nobody needs, and keeps why it was given up", async () => {
    const id = await deadJob();

    const dropped = await deskline(`jobs drop ${id}`);

    expect(dropped).toMatchObject({ code: 0, out: `access.end ${id} will not run again.\n` });
    expect(await job(id)).toMatchObject({
      dead_at: null,
      done_at: expect.any(Date),
      last_error: "Error: the desk said no",
    });
  });

  it("lists what hangs, with its last error and its next try, and tries it at once", async () => {
    const { db } = database;
    const lane = channelLane("T1", "C1");
    const nextTry = new Date(Date.now() + 3_600_000);
    const old = { due_at: minutesAgo(30), attempts: 7, run_at: nextTry, last_error: "no answer" };
    const ids = await jobsIn(lane, 3);
    await db
      .updateTable("job")
      .set(old)
      .where("id", "=", ids[0] ?? "")
      .execute();
    await db.updateTable("lane").set({ next_at: nextTry }).execute();

    const stuck = await deskline("jobs stuck");
    const retried = await deskline(`jobs retry ${ids[1]}`);

    const [waiting, behind, , , line, ...rest] = stuck.out.trim().split("\n");
    expect(waiting).toBe("1 job is tried again: no answer");
    expect(behind).toBe("2 jobs wait behind others for their turn.");
    expect(rest).toEqual(["", "0 given up, 1 hanging."]); // those behind it are counted, not listed
    expect(line).toContain(`${ids[0]}  access.end  a    ${old.due_at.toISOString()}  7`);
    expect(line).toContain(`${nextTry.toISOString()}  2 more wait behind it. no answer`);
    expect(retried.out).toBe("1 job will run again.\n");
    const due = { id: ids[0], run_at: expect.toSatisfy((at: Date) => at <= new Date()) };
    expect(await job(ids[0] ?? "")).toMatchObject(due);
    expect((await claimDue(db, 10)).map(({ id }) => id)).toContain(ids[0]);
  });

  it("says of what was never tried that a worker may be missing", async () => {
    const [id] = await jobsIn(channelLane("T1", "C2"), 1);
    await database.db
      .updateTable("job")
      .set({ due_at: minutesAgo(11) })
      .execute();

    const { out } = await deskline("jobs stuck");

    expect(out).toMatch(
      new RegExp(
        `${id}.* as soon as a worker takes it  It was never tried: see whether a worker runs, and whether it reaches Redis\\.`,
      ),
    );
  });

  it("shows the oldest of very many, and says how many there are", async () => {
    await sql`
      insert into job (name, payload, due_at, run_at) select 'ticket.file', '{}', at, at
      from generate_series(1, 250) as n, lateral (select now() - n * interval '1 hour' as at) as t`.execute(
      database.db,
    );

    const lines = (await deskline("jobs stuck")).out.trim().split("\n");

    expect(lines[0]).toMatch(/^250 jobs have waited for 250 h and no worker has taken them: /);
    expect(lines).toHaveLength(2 + 1 + 100 + 2);
    expect(lines.at(-1)).toBe("0 given up, 250 hanging. Of each kind the 100 oldest are shown.");
  });

  it("names the ticket and the account of a job, and cuts a long reason between two words", async () => {
    const { db } = database;
    await fillTickets(db, 1);
    const { rows } = await sql<{ id: string; number: number; accountId: string }>`
      select id, number, account_id as "accountId" from ticket limit 1`.execute(db);
    const [ticket] = rows;
    await db.deleteFrom("job").execute();
    await sql`insert into job (name, payload, dead_at, last_error) values ('ticket.file',
      ${JSON.stringify({ ticketId: ticket?.id, accountId: ticket?.accountId })}, now(), ${"refused ".repeat(40)})`.execute(
      db,
    );

    const stuck = await deskline("jobs stuck");
    const [id = ""] = /^[0-9a-f-]{36}/m.exec(stuck.out) ?? [];
    const shown = await deskline(`jobs show ${id}`);

    expect(stuck.out).toContain(`ticket.file  DL-${ticket?.number} of ${ticket?.accountId}  `);
    expect(stuck.out).toMatch(/ given up {2}refused .* refused …\n/);
    expect(shown.out).toMatch(
      new RegExp(`^for +DL-${ticket?.number} of ${ticket?.accountId}$`, "m"),
    );
  });

  it("says within the first minutes of an outage what waits, since when, and why", async () => {
    const { db } = database;
    await sql`
      insert into job (name, payload, due_at, run_at, attempts, last_error)
      select 'ticket.file', '{}', now() - interval '43 s', case when n > 22 then now() + interval '1 minute'
        else now() - interval '43 s' end, n / 23, case when n > 22 then 'RetryLater: no answer from the desk' end
      from generate_series(1, 24) as n`.execute(db);

    const before = await deskline("jobs stuck");
    await claimDue(db, 2);
    const busy = await deskline("jobs stuck");

    expect(before.out).toMatch(
      /^22 jobs have waited for \d+ s and no worker has taken them: see whether a worker runs, and whether it reaches Redis\.\n2 jobs are tried again: no answer from the desk\n$/,
    );
    expect(busy.out).toMatch(/^20 jobs have waited for \d+ s; workers have 2 more in hand\.\n/);
  });

  it("does not call stuck what is for later or in a worker's hands", async () => {
    const { db } = database;
    const grant = { accountId: "a", grantId: "g" };
    await db.transaction().execute(async (tx) => {
      await enqueue(tx, "access.end", grant, { runAt: new Date(Date.now() + 86_400_000) });
      await enqueue(tx, "access.end", grant);
    });
    await claimDue(db, 1);

    expect((await deskline("jobs stuck")).out).toBe(`No job is stuck. Looked at ${place()}.\n`);
  });

  it.each([
    ["jobs show 1234", "at least its first 8 characters"],
    ["jobs show 00000000", "There is no job 00000000."],
    ["jobs show ________", "at least its first 8 characters"],
    ["jobs retry", "Give the id of a job, or --all."],
    ["jobs retry 00000000 --all", "Give the id of a job, or --all."],
  ])("refuses `%s` in words", async (line, words) => {
    expect(await deskline(line)).toMatchObject({
      code: 1,
      complaint: expect.stringContaining(words),
    });
  });
});

describe("deskline notices", () => {
  it("says what a closed channel means, and puts it away when it stays closed", async () => {
    const key = "channel-closed:T0ACME:C0ACMEHELP";
    const notice = { key, detail: "is_archived", cleared_at: null };
    await database.db.insertInto("operator_notice").values(notice).execute();
    const listed = await deskline("notices");

    const done = await deskline(`notices --done ${key}`);
    const again = await deskline(`notices --done ${key}`);

    expect(listed.out).toContain(
      `${key}  The app can no longer post in the channel C0ACMEHELP of the workspace T0ACME (is_archived)`,
    );
    expect(done.out).toBe(`${key} is put away.\n`);
    expect((await deskline("notices")).out).toBe(`Nothing needs you. Looked at ${place()}.\n`);
    expect(again).toMatchObject({
      code: 1,
      complaint: expect.stringContaining(`There is no notice ${key}`),
    });
  });
});

describe("the database of the command", () => {
  it.each([
    "jobs stuck",
    "jobs retry --all",
    "notices",
    "account list",
    "account set acme --name Acme",
  ])("is never made by `%s`: a new one would say that all is well", async (line) => {
    await using empty = await emptyFolder();

    const refused = await deskline(line, {
      env: { DATABASE_URL: "", DESKLINE_DATA: empty.folder },
    });

    expect(refused).toEqual({
      code: 1,
      out: "",
      complaint: `There is no embedded database in ${empty.folder}. Is DATABASE_URL missing?\n`,
    });
    expect(await readdir(empty.folder)).toEqual([]);
  });

  it("is refused in a sentence when PostgreSQL has none of our tables, and none is made", async () => {
    const name = await emptyDatabase();
    const url = Object.assign(new URL(database.url), { pathname: name });
    const env = { DATABASE_URL: url.href };

    const refused = [await deskline("jobs stuck", { env }), await deskline("notices", { env })];
    await sql`drop database ${sql.ref(name)}`.execute(database.db);

    for (const { code, complaint } of refused) {
      expect(complaint).toBe(
        `There are no tables of Deskline in ${url.host}/${name}. Correct DATABASE_URL, or make them with \`migrate\`.\n`,
      );
      expect(code).toBe(1);
    }
  });

  it("is refused in a sentence while Deskline has it open", async () => {
    await using embedded = await createEmbeddedDatabase();

    const refused = await deskline("account list", {
      env: { DATABASE_URL: "", DESKLINE_DATA: dirname(embedded.folder) },
    });

    expect(refused).toMatchObject({
      code: 1,
      complaint: expect.stringMatching(/^Another Deskline is using the data folder .*\n$/),
    });
  });

  it.each([
    ["postgres://nobody@127.0.0.1:9/none", 1, "cannot be reached (ECONNREFUSED)"],
    ["mysql://localhost/none", 2, "DATABASE_URL: Must be a postgres:// address."],
  ])("is refused in a sentence when it is %s, exit code %i", async (url, code, words) => {
    const refused = await deskline("notices", { env: { DATABASE_URL: url } });

    expect(refused).toMatchObject({ code, complaint: expect.stringContaining(words) });
    expect(refused.complaint).not.toContain("    at ");
  });
});

describe("deskline migrate", () => {
  it("makes the tables of an empty database, says which files it applied, and then finds nothing to do", async () => {
    const name = await emptyDatabase();
    const env = { DATABASE_URL: Object.assign(new URL(database.url), { pathname: name }).href };

    const first = await deskline("migrate", { env });
    const second = await deskline("migrate", { env });
    await sql`drop database ${sql.ref(name)}`.execute(database.db);

    expect(first).toMatchObject({ code: 0, complaint: "" });
    expect(first.out).toMatch(
      /^Applied 0001-main-job\.sql\.\n[\s\S]*The database is up to date\.\n$/,
    );
    expect(second).toMatchObject({ code: 0, complaint: "" });
    expect(second.out).toBe("Nothing to do: the database is up to date.\n");
  });

  it("makes an embedded database, and says so", async () => {
    await using empty = await emptyFolder();
    const env = { DATABASE_URL: "", DESKLINE_DATA: empty.folder };

    const made = await deskline("migrate", { env });
    const listed = await deskline("account list", { env });

    expect(made).toMatchObject({ code: 0, out: expect.stringContaining("up to date.") });
    expect(made.out).toMatch(new RegExp(`^Making an embedded database in ${empty.folder}\\.\n`));
    expect(listed.out).toContain(`Looked at the embedded database in ${empty.folder}.`);
  });

  it("refuses, as every other command does, a database that a newer version has changed", async () => {
    const later = "0999-later.sql";
    await sql`insert into migration values (${later}, 'x')`.execute(database.db);

    const refused = [await deskline("migrate"), await deskline("jobs stuck")];
    await sql`delete from migration where name = ${later}`.execute(database.db);

    for (const { code, complaint } of refused) {
      expect(complaint).toContain(`A newer Deskline has changed this database: it has ${later}`);
      expect(code).toBe(1);
    }
  });
});

async function emptyFolder(): Promise<AsyncDisposable & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "deskline-cli-"));
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** As an answer names the database of this file. */
function place(): string {
  const { host, pathname } = new URL(database.url);
  return `${host}${pathname}`;
}

async function emptyDatabase(): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(
    database.db,
  );
  const name = `${rows[0]?.name}_empty`;
  await sql`create database ${sql.ref(name)} template template0`.execute(database.db);
  return name;
}

/** On the database of this file, unless said otherwise. */
async function deskline(
  line: string,
  { env = {}, ...more }: { input?: string; env?: Record<string, string> } = {},
) {
  return runDeskline(line.split(" "), { env: { DATABASE_URL: database.url, ...env }, ...more });
}

async function workspace(teamId: string) {
  return database.db
    .selectFrom("installation")
    .selectAll()
    .where("team_id", "=", teamId)
    .executeTakeFirst();
}

async function deadJob(): Promise<string> {
  const { db } = database;
  await db
    .transaction()
    .execute((tx) => enqueue(tx, "access.end", { accountId: "a", grantId: "g" }));
  const { id } = await db
    .updateTable("job")
    .set({
      due_at: new Date(0),
      dead_at: new Date(),
      failures: 5,
      crashes: 1,
      last_error: "Error: the desk said no",
    })
    .where("dead_at", "is", null)
    .where("failures", "=", 0)
    .where("last_error", "is", null)
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

async function jobsIn(lane: Lane, count: number): Promise<string[]> {
  const { db } = database;
  await db.transaction().execute(async (tx) => {
    for (let n = 0; n < count; n++)
      await enqueue(tx, "access.end", { accountId: "a", grantId: `g${n}` }, { lane });
  });
  const rows = await db
    .selectFrom("job")
    .select("id")
    .where("lane", "=", lane)
    .orderBy("seq")
    .execute();
  return rows.map(({ id }) => id);
}

function minutesAgo(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000);
}

async function job(id: string) {
  return database.db.selectFrom("job").selectAll().where("id", "=", id).executeTakeFirst();
}

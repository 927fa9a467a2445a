import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { supportAccess } from "#access/ask.ts";
import { accessJobs } from "#access/jobs.ts";
import { HELP, startTestApp, type TestApp } from "../support/app.ts";

const DAY_MS = 24 * 3_600_000;
const START = new Date("2027-01-15T09:00:00Z");

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp({ paced: false });
});
afterAll(() => test[Symbol.asyncDispose]());

describe("when support access comes to its end", () => {
  beforeEach(async () => {
    await test.db.deleteFrom("support_grant").execute();
    await test.db.deleteFrom("job").execute();
    await clock(0);
  });

  it("tells the admin who set it, once, in their language and time zone", async () => {
    test.simulator.world.changePerson("U0DANA", { locale: "ja-JP", tz: "Asia/Tokyo" });
    await dana("grant 1d");
    const before = told().length;

    await clock(1.5);
    await finished("access.end");
    await finished("access.tell-end");
    test.simulator.world.changePerson("U0DANA", { locale: "en-US", tz: "Europe/London" });

    expect(told().slice(before)).toEqual([
      "サポートアクセスは、期間が終わったため2027年1月16日 18:00（JST）にオフになりました。もう一度許可するときは `/support-access grant 30d` を使ってください。",
    ]);
    expect(await supportAccess(test.db, "acme")).toEqual({ isOn: false });
    expect(await lanesOf("access.tell-end")).toEqual([
      "method/T0ACME/users.info",
      "method/T0ACME/conversations.open",
      `channel/T0ACME/${test.simulator.as("U0DANA").dm()}`,
    ]);
  });

  it("tells them even when somebody looked before the worker came", async () => {
    await dana("grant 1d");
    const before = told().length;
    await clock(1.5, { silently: true });
    await test.simulator.as("U0HANA").command(HELP, "/support-access");

    await ring();
    await finished("access.tell-end");

    expect(told().slice(before)).toHaveLength(1);
  });

  it("says nothing at the old date after a reset", async () => {
    await dana("grant 1d");
    await dana("reset 90d");
    const before = told().length;

    await clock(1.5);
    await finished("access.end");

    expect(await jobsLeft()).toEqual(["access.end"]);
    expect(told()).toHaveLength(before);
    expect((await supportAccess(test.db, "acme")).isOn).toBe(true);
  });

  it("says nothing when it was ended before", async () => {
    await dana("grant 1d");
    await dana("off");
    const before = told().length;

    await clock(1.5);
    await finished("access.end");

    expect(await jobsLeft()).toEqual([]);
    expect(told()).toHaveLength(before);
  });

  it("gives nothing up when the admin has left", async () => {
    await dana("grant 1d");
    test.simulator.world.changePerson("U0DANA", { deleted: true });

    await clock(1.5);
    await finished("access.tell-end");
    test.simulator.world.changePerson("U0DANA", { deleted: false });

    const dead = await test.db.selectFrom("job").where("dead_at", "is not", null).execute();
    expect(dead).toEqual([]);
    expect(await jobsLeft()).toEqual([]);
  });

  it("comes again at the date when the database's clock was set back", async () => {
    await dana("grant 1d");
    const { id } = await test.db.selectFrom("support_grant").select("id").executeTakeFirstOrThrow();
    const nobody = new Proxy({}, { get: () => expect.unreachable("nobody is told yet") });

    const { "access.end": end } = accessJobs({
      db: test.db,
      messenger: nobody as never,
      people: nobody as never,
    });
    await end.run({ accountId: "acme", grantId: id }, nobody as never);

    expect(await jobsLeft()).toEqual(["access.end", "access.end"]);
    expect((await supportAccess(test.db, "acme")).isOn).toBe(true);
  });
});

async function dana(words: string): Promise<void> {
  await test.simulator.as("U0DANA").command(HELP, "/support-access", words);
}

/** What the app has said to Dana alone. */
function told(): string[] {
  const actor = test.simulator.as("U0DANA");
  const dm = actor.dm();
  return dm ? actor.messages(dm).map((message) => message.text) : [];
}

async function clock(days: number, how?: { silently: true }): Promise<void> {
  await test.database.setNow(new Date(START.getTime() + days * DAY_MS));
  if (!how) await ring();
}

/** What a new job does: wakes the worker, which otherwise looks every 5 seconds. */
async function ring(): Promise<void> {
  await sql`select pg_notify('job', '')`.execute(test.db);
}

async function finished(name: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const jobs = await test.db.selectFrom("job").selectAll().where("name", "=", name).execute();
        const due = jobs.filter((job) => job.run_at.getTime() < START.getTime() + 2 * DAY_MS);
        return due.length > 0 && due.every((job) => job.done_at !== null);
      },
      { timeout: 10_000 },
    )
    .toBe(true);
}

/** Each call in the lane of what a 429 of it would name. */
async function lanesOf(name: string): Promise<(string | null)[]> {
  const jobs = await test.db
    .selectFrom("job")
    .select("lane")
    .where("name", "=", name)
    .orderBy("seq")
    .execute();
  return jobs.map(({ lane }) => lane);
}

async function jobsLeft(): Promise<string[]> {
  const rows = await test.db
    .selectFrom("job")
    .select("name")
    .where("done_at", "is", null)
    .orderBy("seq")
    .execute();
  return rows.map((row) => row.name);
}

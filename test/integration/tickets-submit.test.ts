import { afterAll, beforeAll, expect, it } from "vitest";
import { saveAccountChannel } from "#accounts/store.ts";
import { connect } from "#db/connect.ts";
import { submitTicket } from "#tickets/submit.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { DRAFT, seedAccounts } from "../support/tickets.ts";

let test: TestDatabase & { url: string };
beforeAll(async () => {
  test = await createTestDatabase();
  await seedAccounts(test.db);
});
afterAll(() => test[Symbol.asyncDispose]());

it("is one ticket with one number, submitted 8 times at once", async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => submit("V1")));

  expect(new Set(answers.map(({ number }) => number)).size).toBe(1);
  expect(await rowsOf(answers[0]?.number)).toEqual({ filed: 1, jobs: 1 });
  expect(await ticketCount()).toBe(1);
});

it("answers with the same number after a restart", async () => {
  const { number } = await submit("V2");

  await using restarted = await connect({ url: test.url });

  expect(await submit("V2", { db: restarted.db })).toEqual({ number });
  expect(await rowsOf(number)).toEqual({ filed: 1, jobs: 1 });
});

it("numbers tickets upwards", async () => {
  const [one, two] = [await submit("V3"), await submit("V4")];

  expect(Number(two.number.slice(3))).toBeGreaterThan(Number(one.number.slice(3)));
});

it("belongs to the account of its channel, else to that of its workspace", async () => {
  await saveAccountChannel(test.db, "beta", { teamId: "T0KUMO", channelId: "C0EXTBETA" });

  const shared = await submit("V5", { teamId: "T0KUMO", channelId: "C0EXTBETA" });
  const inside = await submit("V6", { teamId: "T0KUMO", channelId: "C0KUMOGEN" });
  const acme = await submit("V7");
  const fromHomeTab = await submit("V8", { channelId: "" });

  const accounts = [shared, inside, acme, fromHomeTab].map(({ number }) => accountOf(number));
  expect(await Promise.all(accounts)).toEqual(["beta", "home", "acme", "acme"]);
});

it("is refused where no account is known, and leaves nothing", async () => {
  const before = await ticketCount();

  await expect(submit("V9", { teamId: "T0NOWHERE" })).rejects.toMatchObject({ code: "no-account" });

  expect(await ticketCount()).toBe(before);
});

it("keeps every character that was typed", async () => {
  const description = "𠮷野家 🙂 <!channel> & 'quoted' \\ % _ \n\tلا أستطيع";

  const { number } = await submit("V10", { description });

  const row = await test.db
    .selectFrom("ticket")
    .select("description")
    .where("number", "=", Number(number.slice(3)))
    .executeTakeFirstOrThrow();
  expect(row.description).toBe(description);
});

function submit(
  key: string,
  given: {
    db?: TestDatabase["db"];
    teamId?: string;
    channelId?: string;
    description?: string;
  } = {},
) {
  const { db = test.db, teamId = "T0ACME", channelId = "C0ACMEHELP" } = given;
  const draft = { ...DRAFT, description: given.description ?? DRAFT.description };
  const requester = { userId: "U0HANA", name: "Hana", language: "ja" as const };
  return submitTicket(db, draft, { key, teamId, channelId, requester });
}

async function rowsOf(number: string | undefined) {
  const { id } = await test.db
    .selectFrom("ticket")
    .select("id")
    .where("number", "=", Number(number?.slice(3)))
    .executeTakeFirstOrThrow();
  const history = await test.db
    .selectFrom("ticket_history")
    .select("event")
    .where("ticket_id", "=", id)
    .execute();
  const jobs = await test.db.selectFrom("job").select("payload").execute();
  return {
    filed: history.filter(({ event }) => event === "filed").length,
    jobs: jobs.filter(({ payload }) => payload.ticketId === id).length,
  };
}

async function accountOf(number: string): Promise<string> {
  const row = await test.db
    .selectFrom("ticket")
    .select("account_id")
    .where("number", "=", Number(number.slice(3)))
    .executeTakeFirstOrThrow();
  return row.account_id;
}

async function ticketCount(): Promise<number> {
  return (await test.db.selectFrom("ticket").select("id").execute()).length;
}

import { type Insertable, sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { NO_POLICY, Policy } from "#accounts/policy.ts";
import type { Tables } from "#db/tables.ts";
import { replayPolicy } from "#tickets/replay.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type Filed, fileTicket, seedAccounts } from "../support/tickets.ts";

const HIGH = { priority: "high", why: "Many are held up." } as const;
const URGENT = { priority: "urgent", why: "All are held up.", contact: "U0TOM" } as const;
const BADGES = Policy.parse({
  topics: [{ id: "badges", name: { en: "B", ja: "B" }, redirect: { en: "There.", ja: "あちら" } }],
});

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await seedAccounts(test.db);
});
afterAll(() => test[Symbol.asyncDispose]());

it("says which tickets would stand otherwise, and why, and changes nothing", async () => {
  const high = await fileTicket(test.db, HIGH);
  const quick = await fileTicket(test.db, URGENT);
  await answered(quick, 4);
  const slow = await fileTicket(test.db, URGENT);
  await answered(slow, 14);
  const badge = await fileTicket(test.db, { topic: "badges" });
  const before = await priorities();

  const why = async (policy: Policy) =>
    (await replayPolicy(test.db, policy)).changed.map((each) => [
      ...[each.number, each.would, each.why],
    ]);

  expect(await why(NO_POLICY)).toEqual([]);
  expect(await why(withTimes({ contact_for_high: true }))).toEqual([
    [high.number, "normal", "no-contact"],
  ]);
  expect(await why(withTimes({ contact_minutes: 5 }))).toEqual([
    [slow.number, "high", "late-contact"],
  ]);
  expect(await why(BADGES)).toEqual([[badge.number, "none", "redirected"]]);
  expect(await priorities()).toEqual(before);
});

it("leaves alone whose contact may still answer, and files none of an account that it makes free", async () => {
  const waiting = await fileTicket(test.db, URGENT);
  await asked(waiting, { minutesAgo: 4 });
  const free = Policy.parse({ accounts: [{ id: "acme", name: "Acme", plan: "free" }] });
  const of = async (policy: Policy) =>
    (await replayPolicy(test.db, policy)).changed.find(({ number }) => number === waiting.number);

  expect(await of(NO_POLICY)).toBeUndefined();
  expect(await of(withTimes({ contact_minutes: 3 }))).toBeUndefined(); // the fall is announced first
  const short = withTimes({ contact_minutes: 2, fall_notice_minutes: 1 });
  expect(await of(short)).toMatchObject({ why: "late-contact" });
  await asked(waiting, { minutesAgo: 1, userId: "U0DANA" }); // an alternate
  expect(await of(short)).toBeUndefined();
  expect(await of(free)).toMatchObject({ would: "none", why: "free" });
  await sql`update account set set_by_api_at = deskline_now() where id = 'acme'`.execute(test.db);
  expect(await of(free)).toBeUndefined();
  await sql`update account set set_by_api_at = null where id = 'acme'`.execute(test.db);
});

it("raises what fell for want of a contact, where the policy asks for none or waits longer", async () => {
  const fell = await fileTicket(test.db, { ...HIGH, contact: "U0TOM" });
  await sql`update ticket set priority = 'normal', asked_priority = 'high'
    where id = ${fell.ticketId}`.execute(test.db);
  const late = await fileTicket(test.db, URGENT);
  await answered(late, 40);
  await sql`update ticket set priority = 'high', asked_priority = 'urgent'
    where id = ${late.ticketId}`.execute(test.db);

  const { changed } = await replayPolicy(test.db, withTimes({ contact_minutes: 60 }));

  expect(changed.map(({ number, would, why }) => [number, would, why])).toEqual([
    [fell.number, "high", "contact-not-needed"],
    [late.number, "urgent", "contact-in-time"],
  ]);
});

function withTimes(times: Partial<Policy["priority"]>): Policy {
  return { ...NO_POLICY, priority: { ...NO_POLICY.priority, ...times } };
}

async function asked(
  ref: Filed,
  { minutesAgo, userId = "U0TOM" }: { minutesAgo: number; userId?: string },
): Promise<void> {
  await insertAsk(ref, { user_id: userId, asked_at: new Date(Date.now() - minutesAgo * 60_000) });
}

async function answered(ref: Filed, minutes: number): Promise<void> {
  const askedAt = new Date();
  await insertAsk(ref, {
    user_id: "U0TOM",
    asked_at: askedAt,
    answer: "here",
    answered_at: new Date(askedAt.getTime() + minutes * 60_000),
  });
}

async function insertAsk(
  { accountId, ticketId }: Filed,
  how: Pick<Insertable<Tables["contact_ask"]>, "user_id" | "asked_at" | "answer" | "answered_at">,
): Promise<void> {
  await test.db
    .insertInto("contact_ask")
    .values({
      account_id: accountId,
      ticket_id: ticketId,
      round: 1,
      team_id: "T0ACME",
      name: "Tom",
      ...how,
    })
    .execute();
}

async function priorities() {
  return test.db
    .selectFrom("ticket")
    .select(["number", "priority", "version"])
    .orderBy("number")
    .execute();
}

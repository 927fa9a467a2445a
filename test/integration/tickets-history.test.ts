import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { takeStep } from "#tickets/step.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { fileTicket, seedAccounts } from "../support/tickets.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await seedAccounts(test.db);
});
afterAll(() => test[Symbol.asyncDispose]());

it("is in the order in which things happened, also where one waited for the other", async () => {
  const { accountId, ticketId } = await fileTicket(test.db);
  const by = { kind: "agent", userId: "U0AKI", name: "Aki" } as const;
  const step = (name: "solve") =>
    takeStep(
      test.db,
      { accountId, ticketId },
      { step: name, by, delivery: { source: "slack.press", key: name } },
    );

  const isLocked = Promise.withResolvers<void>();
  const hasBegun = Promise.withResolvers<void>();
  const taking = test.db.transaction().execute(async (tx) => {
    await sql`select from ticket where id = ${ticketId} for update`.execute(tx);
    isLocked.resolve();
    await hasBegun.promise;
    await sql`
      insert into ticket_history (account_id, ticket_id, event, actor_kind, actor_name, at)
      values (${accountId}, ${ticketId}, 'take', 'agent', 'Aki', clock_timestamp())`.execute(tx);
  });
  await isLocked.promise;
  const solving = step("solve"); // it begins now, and waits
  await sleep(300);
  hasBegun.resolve();
  await Promise.all([taking, solving]);

  const rows = await test.db
    .selectFrom("ticket_history")
    .select("event")
    .where("ticket_id", "=", ticketId)
    .orderBy("at")
    .execute();
  expect(rows.map(({ event }) => event)).toEqual(["filed", "take", "solve"]);
});

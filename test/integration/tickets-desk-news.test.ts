import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DeskDelivery } from "#desk/desk.ts";
import { applyDeskDelivery } from "#tickets/from-desk.ts";
import { findTicket, type TicketRef } from "#tickets/store.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { STATUSES } from "../support/ticket-machine.ts";
import { fileTicket, seedAccounts, setTicket } from "../support/tickets.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await seedAccounts(test.db);
});
afterAll(() => test[Symbol.asyncDispose]());

it("takes a comment once, however often it is delivered at once, and does not tell the desk", async () => {
  const ref = await fileTicket(test.db);
  const news = comment(ref, "再起動してください。");

  await Promise.all(Array.from({ length: 8 }, () => applyDeskDelivery(test.db, news)));

  expect(await commentsOf(ref)).toEqual(["再起動してください。"]);
  expect(await jobsOf(ref)).toEqual(["ticket.file", "ticket.tell-agents", "ticket.tell-customer"]);
  expect(await findTicket(test.db, ref)).toMatchObject({ status: "open", assignee_user_id: null });
});

// The agent wrote it at the desk already: refusing it here would hide it from the customer.
it.each(STATUSES)("shows the customer a comment on a ticket that is %s", async (status) => {
  const ref = await fileTicket(test.db);
  await setTicket(test.db, ref, { status });

  await applyDeskDelivery(test.db, comment(ref, "One more thing."));

  const isEnded = status === "solved" || status === "closed";
  expect(await commentsOf(ref)).toEqual(["One more thing."]);
  expect(await findTicket(test.db, ref)).toMatchObject({ status: isEnded ? status : "open" });
});

it("has nothing to do where the desk says what is so already", async () => {
  const ref = await fileTicket(test.db);

  for (const kind of ["reopened", "solved", "solved"] as const)
    await applyDeskDelivery(test.db, { ...delivery(ref), kind, author: "Desk" });

  expect(await findTicket(test.db, ref)).toMatchObject({ status: "solved" });
  expect((await jobsOf(ref)).filter((name) => name === "ticket.tell-customer")).toHaveLength(1);
});

it("leaves its own change alone", async () => {
  const ref = await fileTicket(test.db);

  await applyDeskDelivery(test.db, { deliveryId: randomUUID(), kind: "echo" });

  expect(await jobsOf(ref)).toEqual(["ticket.file"]);
});

it("does not know a ticket that nobody filed", async () => {
  const ref = { accountId: "acme", ticketId: randomUUID() };

  await expect(applyDeskDelivery(test.db, comment(ref, "Hello?"))).rejects.toMatchObject({
    code: "ticket-not-found",
  });
});

function delivery({ ticketId }: TicketRef) {
  return { deliveryId: randomUUID(), ticketId };
}

function comment(ref: TicketRef, body: string): DeskDelivery {
  return { ...delivery(ref), kind: "comment", author: "Mika", body };
}

async function commentsOf(ref: TicketRef): Promise<string[]> {
  const rows = await test.db
    .selectFrom("comment")
    .select("body")
    .where("ticket_id", "=", ref.ticketId)
    .execute();
  return rows.map(({ body }) => body);
}

async function jobsOf(ref: TicketRef): Promise<string[]> {
  const rows = await test.db
    .selectFrom("job")
    .select("name")
    .where(sql<boolean>`payload->>'ticketId' = ${ref.ticketId}`)
    .orderBy("name")
    .execute();
  return rows.map(({ name }) => name);
}

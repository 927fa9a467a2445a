import { afterEach, beforeEach, expect, it } from "vitest";
import { HELP } from "../support/app.ts";
import { says } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

const URGENT = { priority: "urgent", why: "Nobody can work.", contact: "U0TOM" } as const;

let worker: TicketWorker;
beforeEach(async () => {
  worker = await openTicketWorker();
  await worker.db
    .insertInto("account_contact")
    .values({ account_id: "acme", place: 0, team_id: "T0ACME", user_id: "U0DANA" })
    .execute();
});
afterEach(() => worker[Symbol.asyncDispose]());

it("asks the next at once when the contact has left the workspace", async () => {
  const { simulator, db, runDue } = worker;
  simulator.world.changePerson("U0TOM", { deleted: true });

  const { ticketId } = await fileTicket(db, { ...URGENT, channelId: HELP });
  await runDue();

  const dana = simulator.as("U0DANA");
  const dm = dana.dm() ?? "";
  expect(dana.messages(dm).some((each) => says(each, "needs another contact"))).toBe(true);
  const asks = await db
    .selectFrom("contact_ask")
    .select(["user_id", "answer"])
    .where("ticket_id", "=", ticketId)
    .orderBy("answered_at")
    .execute();
  expect(asks).toEqual([
    { user_id: "U0TOM", answer: "unavailable" },
    { user_id: "U0DANA", answer: null },
  ]);
});

it("begins the minutes to answer when the question has reached Slack, and asks nobody twice", async () => {
  const { simulator, database, db, runDue, runFirst } = worker;
  const filedAt = Date.now();
  await database.setNow(new Date(filedAt));
  const { ticketId } = await fileTicket(db, { ...URGENT, channelId: HELP });
  await runFirst("ticket.review");
  await database.setNow(new Date(filedAt + 10 * 60_000));
  await runDue();

  const due = async () =>
    (await db.selectFrom("ticket").select("contact_due_at").where("id", "=", ticketId).execute())[0]
      ?.contact_due_at;
  const minutes = ((await due())?.getTime() ?? 0) - filedAt;
  expect(Math.round(minutes / 60_000)).toBe(25);
  await database.setNow(new Date(filedAt + 20 * 60_000)); // the end as it was when the question was made
  await runDue();

  const tom = simulator.as("U0TOM");
  expect(tom.messages(tom.dm() ?? "").filter((each) => says(each, "named you"))).toHaveLength(1);
  expect(await db.selectFrom("contact_ask").select("user_id").execute()).toHaveLength(1);
});

it("calls nobody silent, and lets no priority fall, while the question cannot be asked", async () => {
  const { database, db, runFirst, runDue } = worker;
  const filedAt = Date.now();
  await database.setNow(new Date(filedAt));
  const { ticketId } = await fileTicket(db, { ...URGENT, channelId: HELP });
  await runFirst("ticket.review");
  await database.setNow(new Date(filedAt + 90 * 60_000)); // Slack was away all the time
  await runFirst("ticket.contact-due");

  const standing = () =>
    db
      .selectFrom("ticket")
      .select(["contact_state", "priority"])
      .where("id", "=", ticketId)
      .executeTakeFirst();
  expect(await standing()).toEqual({ contact_state: "asking", priority: "urgent" });
  expect(await db.selectFrom("contact_ask").select("answer").execute()).toEqual([{ answer: null }]);
  await runDue();
  await database.setNow(new Date(filedAt + 104 * 60_000)); // asked now, with 15 minutes to answer
  await runDue();
  expect(await standing()).toEqual({ contact_state: "asking", priority: "urgent" });
});

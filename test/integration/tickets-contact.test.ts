import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { NO_POLICY, type Policy } from "#accounts/policy.ts";
import type { ContactState } from "#db/tables.ts";
import { handlerOf } from "#jobs/handlers.ts";
import { type ContactEvent, countsOnContact, TURNS } from "#tickets/contact-turns.ts";
import { correctFacts } from "#tickets/facts.ts";
import type { TicketNeeds } from "#tickets/jobs.ts";
import { contactJobs } from "#tickets/jobs-contact.ts";
import { needsOf, priorityNow } from "#tickets/priority.ts";
import { contactHappened, review } from "#tickets/review.ts";
import { takeStep } from "#tickets/step.ts";
import { findTicket, type Ticket, type TicketRef, withTicket } from "#tickets/store.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type Filed, fileTicket, seedAccounts } from "../support/tickets.ts";

/** The times of the contract in minutes, without any Slack behind them. */
const ANSWER = 15;
const BEAT = 240;
const NOTICE = 30;
const HOLD = 240;

const URGENT = {
  what: "nothing-works",
  who: "all",
  workaround: "none",
  priority: "urgent",
  why: "Nobody can work.",
  contact: "U0TOM",
} as const;
const AGENT = { kind: "agent", userId: "U0AKI", name: "Aki" } as const;

let test: TestDatabase;
let policy: Policy = NO_POLICY;
let now = Date.now();
let setAt = now;
let keys = 0;
beforeAll(async () => {
  test = await createTestDatabase();
  await seedAccounts(test.db);
  await test.db
    .insertInto("account_contact")
    .values([
      { account_id: "acme", place: 0, team_id: "T0ACME", user_id: "U0DANA" },
      { account_id: "acme", place: 1, team_id: "T0ACME", user_id: "U0TOM" }, // who is named on the ticket, too
    ])
    .execute();
});
afterAll(() => test[Symbol.asyncDispose]());

it("asks the contact, then who stands in, announces the fall, and falls with the reason", async () => {
  const ref = await file();
  expect(await asked(ref)).toEqual([["U0TOM", null]]);

  await wait(ref, ANSWER);
  expect(await asked(ref)).toEqual([
    ["U0TOM", "silent"],
    ["U0DANA", null],
  ]);
  await wait(ref, ANSWER);
  expect(await standing(ref)).toEqual({ state: "falling", priority: "urgent" });
  await wait(ref, NOTICE - 1);
  expect(await standing(ref)).toEqual({ state: "falling", priority: "urgent" });
  await wait(ref, 1);

  expect(await standing(ref)).toEqual({ state: "absent", priority: "high" });
  expect(await events(ref)).toEqual([
    ["contact-asked", { name: "U0TOM" }],
    ["contact-asked", { name: "U0DANA", missed: "U0TOM", isSilent: true }],
    ["fall-announced", { to: "high", until: expect.any(String) }],
    ["priority", { priority: { from: "urgent", to: "high" }, reason: "contact-absent" }],
  ]);
});

it("says of whoever is not available that they are not, also when they say so late", async () => {
  const ref = await file();
  await answer(ref, "U0TOM", "unavailable");
  expect((await findTicket(test.db, ref)).contact_declined).toBe(false); // the next one is asked
  await answer(ref, "U0DANA", "unavailable");
  await wait(ref, NOTICE);

  const told = await events(ref);
  expect(told.slice(2)).toEqual([
    ["fall-announced", { to: "high", until: expect.any(String), declined: "U0DANA" }],
    [
      "priority",
      { priority: { from: "urgent", to: "high" }, reason: "contact-absent", isDeclined: true },
    ],
  ]);
  expect((await findTicket(test.db, ref)).contact_declined).toBe(true);
  await answer(ref, "U0DANA", "here");
  expect((await findTicket(test.db, ref)).contact_declined).toBe(false);

  const silent = await inState("falling");
  expect((await findTicket(test.db, silent)).contact_declined).toBe(false);
  await answer(silent, "U0DANA", "unavailable");
  expect((await findTicket(test.db, silent)).contact_declined).toBe(true);
  expect((await standing(silent)).state).toBe("falling");
});

it("rises again when somebody who was asked comes back, whoever that is", async () => {
  const ref = await inState("absent");

  await answer(ref, "U0DANA", "here");

  expect(await standing(ref)).toEqual({ state: "present", priority: "urgent" });
  expect(await findTicket(test.db, ref)).toMatchObject({ contact_user_id: "U0DANA" });
  expect((await events(ref)).at(-1)).toEqual([
    "priority",
    { priority: { from: "high", to: "urgent" }, reason: "contact-back" },
  ]);
});

it("asks again on its beat: who was there first, then the others", async () => {
  const ref = await inState("absent");
  await answer(ref, "U0DANA", "here");

  await wait(ref, BEAT);
  expect((await asked(ref)).slice(2)).toEqual([["U0DANA", null]]);
  await wait(ref, ANSWER);
  expect((await asked(ref)).slice(2)).toEqual([
    ["U0DANA", "silent"],
    ["U0TOM", null],
  ]);
});

it("asks whom the requester names now before all others, and again whom they name again", async () => {
  const ref = await inState("absent");

  await correct(ref, { workaround: "none", priority: "urgent" }, "U0DANA");
  expect((await asked(ref)).at(-1)).toEqual(["U0DANA", null]);
  expect(await standing(ref)).toEqual({ state: "asking", priority: "urgent" });
});

it("falls to normal where the policy wants a contact for high, too", async () => {
  policy = { ...NO_POLICY, priority: { ...NO_POLICY.priority, contact_for_high: true } };
  const ref = await inState("absent");
  policy = NO_POLICY;

  expect(await standing(ref)).toEqual({ state: "absent", priority: "normal" });
});

it("announces the fall again when the hold of an agent is over", async () => {
  const ref = await inState("held");

  await wait(ref, HOLD);

  expect(await standing(ref)).toEqual({ state: "falling", priority: "urgent" });
  const names = (await events(ref)).map(([name]) => name);
  expect(names.slice(-3)).toEqual(["fall-announced", "fall-held", "fall-announced"]);
});

it("leaves people alone once the ticket is solved, and asks from the beginning when it comes back", async () => {
  const ref = await inState("present");

  await step(ref, "solve");
  expect(await standing(ref)).toEqual({ state: "off", priority: "urgent" });
  await step(ref, "reopen");

  expect(await standing(ref)).toEqual({ state: "asking", priority: "urgent" });
});

it("follows corrected facts down and up, and asks for a contact only where one is needed", async () => {
  const ref = await inState("present");

  await correct(ref, { workaround: "limited", priority: "normal" });
  expect(await standing(ref)).toEqual({ state: "off", priority: "normal" });
  await correct(ref, { workaround: "none", priority: "urgent" });

  expect(await standing(ref)).toEqual({ state: "asking", priority: "urgent" });
  const reasons = (await events(ref)).filter(([name]) => name === "priority");
  expect(reasons).toEqual([
    ["priority", { priority: { from: "urgent", to: "normal" }, reason: "facts" }],
    ["priority", { priority: { from: "normal", to: "urgent" }, reason: "facts" }],
  ]);
});

it("asks whom the corrected facts name, also who had declined before", async () => {
  const ref = await file();
  await answer(ref, "U0TOM", "unavailable");
  const { contact_user_id: standIn } = await findTicket(test.db, ref);
  await answer(ref, standIn ?? "", "unavailable");
  await correct(ref, { workaround: "limited", priority: "normal" });

  await correct(ref, { workaround: "none", priority: "urgent" });

  const asks = await test.db
    .selectFrom("contact_ask")
    .select("user_id")
    .where("ticket_id", "=", ref.ticketId)
    .orderBy("seq", "desc")
    .execute();
  expect(standIn).not.toBe("U0TOM");
  expect(asks[0]?.user_id).toBe(standIn);
  expect(await findTicket(test.db, ref)).toMatchObject({ contact_user_id: standIn });
});

const STATES = Object.keys(TURNS) as ContactState[];
const EVENTS = ["needed", "here", "unavailable", "due", "hold", "needless"] as const;
const ROWS = STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const));

it.each(ROWS)(
  "from %s at %s: the row of the table, and never urgent without an end",
  async (state, event) => {
    const ref = await inState(state);
    const before = await findTicket(test.db, ref);

    await happen(ref, event);

    const after = await findTicket(test.db, ref);
    const turn = TURNS[state][event];
    if (!turn) expect(after.contact_turn).toBe(before.contact_turn);
    else expect(["asking", "falling", "to" in turn ? turn.to : ""]).toContain(after.contact_state);
    await mustHold(ref);
    await silenceEnds(ref);
  },
);

type Taken = (ref: TicketRef) => Promise<void>;
const people = fc.constantFrom("U0TOM", "U0DANA");
const happening: fc.Arbitrary<Taken> = fc.oneof(
  fc.constantFrom(1, 14, 15, 30, 240).map(
    (minutes): Taken =>
      (ref) =>
        wait(ref, minutes),
  ),
  people.map(
    (who): Taken =>
      (ref) =>
        answer(ref, who, "here"),
  ),
  people.map(
    (who): Taken =>
      (ref) =>
        answer(ref, who, "unavailable"),
  ),
  fc.constantFrom<Taken>(
    (ref) => happen(ref, "hold"),
    (ref) => step(ref, "solve"),
    (ref) => step(ref, "reopen"),
    (ref) => correct(ref, { workaround: "none", priority: "urgent" }),
    (ref) => correct(ref, { workaround: "yes", priority: "normal" }),
  ),
);

it("leaves no ticket urgent without a contact who answered, whatever happens (60 walks)", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 14 }), async (walk) => {
      const ref = await file();
      for (const each of walk) {
        await each(ref).catch(refused);
        await mustHold(ref);
      }
      await silenceEnds(ref);
    }),
    { numRuns: 60 },
  );
}, 120_000);

async function file(): Promise<Filed> {
  await tick(0);
  const ref = await fileTicket(test.db, URGENT);
  await runJobs(ref);
  return ref;
}

async function inState(state: ContactState): Promise<Filed> {
  const ref = await file();
  if (state === "off") await step(ref, "solve");
  if (state === "present") await answer(ref, "U0TOM", "here");
  if (state === "falling" || state === "held" || state === "absent")
    for (let n = 0; n < 2; n++) await wait(ref, ANSWER);
  if (state === "held") await happen(ref, "hold");
  if (state === "absent") await wait(ref, NOTICE);
  expect((await standing(ref)).state).toBe(state);
  return ref;
}

async function happen(ref: TicketRef, event: ContactEvent): Promise<void> {
  if (event === "here" || event === "unavailable") return answer(ref, "U0TOM", event);
  const { contact_state: before } = await findTicket(test.db, ref);
  await withTicket(test.db, ref, (tx, ticket) =>
    contactHappened(tx, policy, ticket, event === "hold" ? { event, agent: AGENT } : { event }),
  );
  if (before === "off") return;
  // As whatever says so does: a priority that still asks for a contact asks again.
  if (event === "needed" || event === "needless")
    await test.db.transaction().execute((tx) => review(tx, policy, ref, "policy"));
}

/** As whoever was asked last does with the buttons of their message. */
async function answer(ref: TicketRef, userId: string, said: "here" | "unavailable"): Promise<void> {
  const asks = await test.db
    .selectFrom("contact_ask")
    .selectAll()
    .where("ticket_id", "=", ref.ticketId)
    .where("user_id", "=", userId)
    .orderBy("round", "desc")
    .execute();
  const [ask] = asks;
  if (!ask) return;
  await withTicket(test.db, ref, (tx, ticket) =>
    contactHappened(tx, policy, ticket, { event: said, ask }),
  );
}

async function wait(ref: TicketRef, minutes: number): Promise<void> {
  await tick(minutes * 60_000);
  await runJobs(ref);
}

/** So far ahead, and no less than the time that has really passed. */
async function tick(ms: number): Promise<void> {
  now += ms + Date.now() - setAt;
  setAt = Date.now();
  await test.setNow(new Date(now));
}

/** What the worker does with the contract's own jobs, when all that is to be said is said. */
async function runJobs(ref: TicketRef): Promise<void> {
  await sayAll();
  const handlers = contactJobs({ db: test.db, policy: () => policy } as TicketNeeds);
  for (;;) {
    const due = await test.db
      .selectFrom("job")
      .selectAll()
      .where("name", "in", ["ticket.contact-due", "ticket.review"])
      .where("done_at", "is", null)
      .where(sql<boolean>`run_at <= deskline_now()`)
      .where((eb) => eb(eb.ref("payload", "->>").key("ticketId"), "=", ref.ticketId))
      .orderBy("seq")
      .execute();
    const [job] = due;
    if (!job) return;
    await test.db
      .updateTable("job")
      .set({ done_at: new Date(now) })
      .where("id", "=", job.id)
      .execute();
    const { handler, payload } = handlerOf(handlers as never, job as never);
    await handler.run(payload, {} as never);
    await sayAll();
  }
}

async function sayAll(): Promise<void> {
  await sql`
    update job set done_at = deskline_now()
    where name not in ('ticket.contact-due', 'ticket.review') and done_at is null`.execute(test.db);
}

async function step(ref: TicketRef, name: "solve" | "reopen"): Promise<void> {
  const delivery = { source: "slack.press", key: `step ${keys++}` } as const;
  await takeStep(test.db, ref, { step: name, by: AGENT, delivery });
  await runJobs(ref);
}

async function correct(
  ref: TicketRef,
  change: { workaround: "none" | "limited" | "yes"; priority: "urgent" | "normal" },
  named?: string,
): Promise<void> {
  const { what, who, why } = URGENT;
  await correctFacts(test.db, ref, {
    ...{
      draft: { what, who, why, ...change },
      policy,
      contact: named ? { teamId: "T0ACME", userId: named, name: named } : undefined,
    },
    by: { kind: "requester", userId: "U0HANA", name: "Hana" },
    delivery: { source: "slack.view", key: `facts ${keys++}` },
  });
  await runJobs(ref);
}

/** The rule of the whole: what needs a contact has one who answered, or is on its way to one or to a fall. */
async function mustHold(ref: TicketRef): Promise<void> {
  const ticket = await findTicket(test.db, ref);
  if (ticket.status === "solved") return;
  const { contact_state: state, contact_due_at: dueAt } = ticket;
  if (needsOf(ticket.priority, policy.priority).contact) {
    expect(["asking", "present", "falling", "held"]).toContain(state);
    expect(dueAt).toBeInstanceOf(Date);
  }
  const asked = ticket.asked_priority ?? ticket.priority;
  const contract = { asked, facts: ticket, hasContact: countsOnContact(ticket) };
  expect(ticket.priority).toBe(priorityNow(contract, policy.priority));
  if (state === "present") expect(await hasAnswered(ticket)).toBe(true);
}

async function hasAnswered(ticket: Ticket): Promise<boolean> {
  const answers = await test.db
    .selectFrom("contact_ask")
    .select("answer")
    .where("ticket_id", "=", ticket.id)
    .where("user_id", "=", ticket.contact_user_id ?? "")
    .execute();
  return answers.some((each) => each.answer === "here");
}

/** Nobody says anything any more: after a beat, everybody's minutes, a hold and the notice it is not urgent. */
async function silenceEnds(ref: TicketRef): Promise<void> {
  const { status } = await findTicket(test.db, ref);
  if (status === "solved") return;
  for (let minutes = 0; minutes <= BEAT + 3 * ANSWER + HOLD + 2 * NOTICE; minutes += ANSWER)
    await wait(ref, ANSWER);
  const { priority } = await findTicket(test.db, ref);
  expect(needsOf(priority, policy.priority).contact).toBe(false);
}

async function standing(ref: TicketRef) {
  const { contact_state: state, priority } = await findTicket(test.db, ref);
  return { state, priority };
}

async function asked(ref: TicketRef) {
  const rows = await test.db
    .selectFrom("contact_ask")
    .select(["user_id", "answer"])
    .where("ticket_id", "=", ref.ticketId)
    .orderBy("round")
    .orderBy("answered_at")
    .execute();
  return rows.map(({ user_id, answer }) => [user_id, answer]);
}

async function events(ref: TicketRef) {
  const rows = await test.db
    .selectFrom("ticket_history")
    .select(["event", "detail"])
    .where("ticket_id", "=", ref.ticketId)
    .where("event", "in", ["contact-asked", "fall-announced", "fall-held", "priority"])
    .orderBy("at")
    .execute();
  return rows.map(({ event, detail }) => [event, detail]);
}

function refused(error: unknown): void {
  if (!(error instanceof Error && error.name === "Problem")) throw error;
}

import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connect, type Database, type Db } from "#db/connect.ts";
import type { Status } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { type StepTaken, takeStep } from "#tickets/step.ts";
import { findTicket, lockTicket, type TicketRef } from "#tickets/store.ts";
import { STEPS, type Step } from "#tickets/ticket.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { machine, STATUSES } from "../support/ticket-machine.ts";
import { fileTicket, seedAccounts, setTicket } from "../support/tickets.ts";

const AGENTS = ["U0AKI", "U0BEN"] as const;

let test: TestDatabase & { url: string };
let other: Database; // whose transaction holds the others back
let keys = 0;
beforeAll(async () => {
  test = await createTestDatabase();
  other = await connect({ url: test.url });
  await seedAccounts(test.db);
});
afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await test[Symbol.asyncDispose]();
});

const begun = fc.record({
  status: fc.constantFrom(...STATUSES),
  assignee: fc.constantFrom(null, null, ...AGENTS),
  steps: fc.tuple(fc.constantFrom(...STEPS), fc.constantFrom(...STEPS)),
});

it("does two steps pressed at once one after the other, in either order (200 pairs)", async () => {
  await fc.assert(
    fc.asyncProperty(begun, async ({ status, assignee, steps }) => {
      const ref = await fileTicket(test.db);
      await setTicket(test.db, ref, { status, assignee_user_id: assignee });
      const [first, second] = [
        { step: steps[0], by: AGENTS[0] },
        { step: steps[1], by: AGENTS[1] },
      ] as const;

      const refusals = await pressTogether(ref, [first, second]);

      const begin = { status, assignee, done: [], refusals: [] };
      expect([serially(begin, [first, second]), serially(begin, [second, first])]).toContainEqual({
        ...(await standing(ref)),
        refusals: refusals.sort(),
      });
    }),
    { numRuns: 200 },
  );
}, 60_000);

it("takes a step once, however often it is delivered at once", async () => {
  const ref = await fileTicket(test.db);

  await Promise.all(
    Array.from({ length: 8 }, () => press(ref, { step: "reply", by: "U0AKI", key: "same" })),
  );

  expect((await standing(ref)).done).toEqual(["reply by U0AKI"]);
  const comments = await test.db
    .selectFrom("comment")
    .select("body")
    .where("ticket_id", "=", ref.ticketId)
    .execute();
  expect(comments).toEqual([{ body: "text" }]);
});

it("writes nothing of a step that was refused", async () => {
  const ref = await fileTicket(test.db);
  await setTicket(test.db, ref, { status: "solved" });
  const before = await jobsOf(ref);

  await expect(press(ref, { step: "reply", by: "U0AKI" })).rejects.toMatchObject({
    code: "already-solved",
  });

  expect(await standing(ref)).toEqual({ status: "solved", assignee: null, done: [] });
  expect(await jobsOf(ref)).toEqual(before);
});

it("gives a ticket to the first agent who answers, and keeps it with them", async () => {
  const ref = await fileTicket(test.db);

  await press(ref, { step: "ask", by: "U0AKI" });
  await press(ref, { step: "reply", by: "U0BEN" });

  expect(await standing(ref)).toMatchObject({ status: "open", assignee: "U0AKI" });
});

it("finds no ticket of another account", async () => {
  const ref = await fileTicket(test.db);

  const forged = { ...ref, accountId: "beta" };

  await expect(press(forged, { step: "solve", by: "U0AKI" })).rejects.toMatchObject({
    code: "ticket-not-found",
  });
});

type Press = { step: Step; by: string; key?: string };
type Standing = { status: Status; assignee: string | null; done: string[] };

async function press(ref: TicketRef, { step, by, key = `press ${keys++}` }: Press): Promise<void> {
  const isComment = step === "reply" || step === "ask" || step === "inform";
  await takeStep(test.db, ref, {
    step,
    by: { kind: step === "inform" ? "requester" : "agent", userId: by, name: by },
    ...(isComment && { body: "text" }),
    delivery: { source: "slack.press", key },
  } satisfies StepTaken);
}

/** Both wait behind a lock on the ticket before either may begin. */
async function pressTogether(ref: TicketRef, presses: Press[]): Promise<string[]> {
  const refusals: string[] = [];
  const pressing = await other.db.transaction().execute(async (tx) => {
    await lockTicket(tx, ref);
    const begun = presses.map((each) =>
      press(ref, each).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error;
        refusals.push(`${each.step} by ${each.by}: ${error.code}`);
      }),
    );
    await untilWaiting(tx, presses.length);
    return { all: Promise.all(begun) };
  });
  await pressing.all;
  return refusals;
}

async function untilWaiting(db: Db, count: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    await sql`select pg_stat_clear_snapshot()`.execute(db); // a transaction sees it as it first was
    const { rows } = await sql<{ waiting: number }>`
      select count(*) as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if (rows[0]?.waiting === count) return;
    await sleep(2);
  }
  throw new Error("They did not wait for the lock.");
}

async function standing(ref: TicketRef): Promise<Standing> {
  const ticket = await findTicket(test.db, ref);
  const history = await test.db
    .selectFrom("ticket_history")
    .select(["event", "actor_user_id"])
    .where("ticket_id", "=", ref.ticketId)
    .where("event", "!=", "filed")
    .execute();
  const done = history.map((row) => `${row.event} by ${row.actor_user_id}`).sort();
  return { status: ticket.status, assignee: ticket.assignee_user_id, done };
}

async function jobsOf(ref: TicketRef): Promise<string[]> {
  const jobs = await test.db
    .selectFrom("job")
    .select("name")
    .where(sql<boolean>`payload->>'ticketId' = ${ref.ticketId}`)
    .execute();
  return jobs.map(({ name }) => name);
}

type Expected = Standing & { refusals: string[] };

/** What should come of presses in this order. */
function serially(begin: Expected, presses: readonly Press[]): Expected {
  const end = presses.reduce(afterPress, begin);
  return { ...end, done: end.done.toSorted(), refusals: end.refusals.toSorted() };
}

function afterPress(now: Expected, { step, by }: Press): Expected {
  const { status, assignee, done, refusals } = now;
  const outcome = machine(step, status);
  if ("refusal" in outcome)
    return { ...now, refusals: [...refusals, `${step} by ${by}: ${outcome.refusal}`] };
  if (step === "take" && assignee !== null && assignee !== by)
    return { ...now, refusals: [...refusals, `${step} by ${by}: already-taken`] };
  const claims = assignee === null && step !== "inform" && step !== "reopen";
  return {
    status: outcome.next,
    assignee: claims ? by : assignee,
    done: [...done, `${step} by ${by}`],
    refusals,
  };
}

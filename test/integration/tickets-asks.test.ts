import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import type { MessageView } from "#simulator/page/contract.ts";
import { textsOf } from "#text/texts.ts";
import type { Happened } from "#tickets/contact.ts";
import { contactHappened, review } from "#tickets/review.ts";
import { takeStep } from "#tickets/step.ts";
import { withTicket } from "#tickets/store.ts";
import { HELP } from "../support/app.ts";
import { buttonsOf, textOf } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { type Filed, fileTicket } from "../support/tickets.ts";

const URGENT = { priority: "urgent", why: "Nobody can work.", contact: "U0TOM" } as const;
const AKI = { kind: "agent", userId: "U0AKI", name: "Aki" } as const;
const ASKS = ["I'm here", "I'm not available"];
const t = textsOf("en"); // both read English

let worker: TicketWorker;
beforeEach(async () => {
  worker = await openTicketWorker();
  await worker.db
    .insertInto("account_contact")
    .values({ account_id: "acme", place: 0, team_id: "T0ACME", user_id: "U0DANA" })
    .execute();
});
afterEach(() => worker[Symbol.asyncDispose]());

describe("a question to a contact", () => {
  const endings: [string, (ref: Filed) => Promise<unknown>][] = [
    ["the ticket is solved", solve],
    ["the facts were corrected", correct],
  ];

  it.each(endings)("says that it needs no answer once %s", async (_, end) => {
    const ref = await asked();
    expect(dmOf("U0TOM").map(buttonsOf)).toEqual([ASKS]);

    await end(ref);
    await worker.runDue();

    expect(dmOf("U0TOM").map(shown)).toEqual([notNeeded(ref)]);
    expect(dmOf("U0DANA")).toEqual([]);
    expect(await deadJobs()).toEqual([]);
  });

  it.each(endings)("says so to whoever is there, too, once %s", async (_, end) => {
    const ref = await asked();
    await answer(ref, "U0TOM", "here");
    await worker.runDue();
    expect(dmOf("U0TOM").map(shown)).not.toEqual([notNeeded(ref)]);

    await end(ref);
    await worker.runDue();

    expect(dmOf("U0TOM").map(shown)).toEqual([notNeeded(ref)]);
    expect(await deadJobs()).toEqual([]);
  });

  it("says so, too, to whoever was silent when another is there, whose own stays", async () => {
    const ref = await asked();
    await happen(ref, { event: "due" });
    await worker.runDue();
    expect([dmOf("U0TOM"), dmOf("U0DANA")].flat().map(buttonsOf)).toEqual([ASKS, ASKS]);
    const [before] = dmOf("U0TOM");

    await answer(ref, "U0DANA", "here");
    await worker.runDue();

    expect(dmOf("U0TOM").map(shown)).toEqual([notNeeded(ref)]);
    expect(dmOf("U0TOM")[0]?.ts).toBe(before?.ts);
    expect(dmOf("U0DANA").map(buttonsOf)).toEqual([ASKS]); // their press draws it
  });

  it("asks again when whoever was there goes and nobody else is left", async () => {
    const ref = await asked();
    await happen(ref, { event: "due" });
    await worker.runDue();
    await answer(ref, "U0DANA", "here");
    await worker.runDue();

    await answer(ref, "U0DANA", "unavailable");
    await worker.runDue();

    const [again] = dmOf("U0TOM");
    expect(again && buttonsOf(again)).toEqual(ASKS);
    expect(again && textOf(again.blocks)).not.toContain("Please answer by");
  });

  it("keeps its buttons when the priority fell: whoever comes back raises it", async () => {
    const ref = await asked();
    for (let turn = 0; turn < 3; turn += 1) {
      await happen(ref, { event: "due" });
      await worker.runDue();
    }

    expect([dmOf("U0TOM"), dmOf("U0DANA")].flat().map(buttonsOf)).toEqual([ASKS, ASKS]);
  });

  it("is not asked, and leaves nothing to be done, where the ticket ended before", async () => {
    const ref = await fileTicket(worker.db, { ...URGENT, channelId: HELP });
    await worker.runFirst("ticket.review");
    await solve(ref);

    await worker.runFirst("ticket.review");
    await worker.runDue();

    expect(dmOf("U0TOM")).toEqual([]);
    expect(await deadJobs()).toEqual([]);
  });
});

async function asked(): Promise<Filed> {
  const ref = await fileTicket(worker.db, { ...URGENT, channelId: HELP });
  await worker.runDue();
  return ref;
}

async function answer(ref: Filed, userId: string, event: "here" | "unavailable"): Promise<void> {
  const ask = await worker.db
    .selectFrom("contact_ask")
    .selectAll()
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  await happen(ref, { event, ask });
}

async function happen(ref: Filed, happened: Happened): Promise<void> {
  await withTicket(worker.db, ref, (tx, ticket) =>
    contactHappened(tx, NO_POLICY, ticket, happened),
  );
}

async function solve(ref: Filed): Promise<void> {
  const delivery = { source: "slack.press", key: "solve" } as const;
  await takeStep(worker.db, ref, { step: "solve", by: AKI, delivery });
}

async function correct(ref: Filed): Promise<void> {
  const { db } = worker;
  await db.updateTable("ticket").set({ what: "function" }).where("id", "=", ref.ticketId).execute();
  await db.transaction().execute((tx) => review(tx, NO_POLICY, ref, "facts"));
}

function dmOf(userId: string): MessageView[] {
  const person = worker.simulator.as(userId);
  const dm = person.dm();
  return dm ? person.messages(dm) : [];
}

function shown(message: MessageView) {
  return { text: textOf(message.blocks), buttons: buttonsOf(message) };
}

function notNeeded({ number }: Filed) {
  return { text: t.problems["contact-not-needed"]({ number }), buttons: [] };
}

async function deadJobs(): Promise<string[]> {
  const rows = await worker.db
    .selectFrom("job")
    .select("name")
    .where("dead_at", "is not", null)
    .execute();
  return rows.map(({ name }) => name);
}

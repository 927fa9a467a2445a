import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import type { MessageView } from "#simulator/page/contract.ts";
import type { Happened } from "#tickets/contact.ts";
import { contactHappened, review } from "#tickets/review.ts";
import { takeStep } from "#tickets/step.ts";
import { type TicketRef, withTicket } from "#tickets/store.ts";
import type { Ask } from "#tickets/store-contact.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { buttonsOf, says } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

const URGENT = { priority: "urgent", why: "Nobody can work.", contact: "U0TOM" } as const;
const AKI = { kind: "agent", userId: "U0AKI", name: "Aki" } as const;
const HOLD = ["見直しを保留する"];

let worker: TicketWorker;
beforeEach(async () => {
  worker = await openTicketWorker();
});
afterEach(() => worker[Symbol.asyncDispose]());

describe("the button that holds a fall", () => {
  const endings: [string, (ref: TicketRef) => Promise<unknown>][] = [
    ["is held", (ref) => happen(ref, { event: "hold", agent: AKI })],
    ["has come", (ref) => happen(ref, { event: "due" })],
    ["is not due, for the contact answered", (ref) => answer(ref, "here")],
    ["is not due, for the ticket is solved", solve],
    ["is not due, for the facts were corrected", correct],
  ];

  it.each(endings)("goes when the fall %s, and the words stay", async (_, end) => {
    const ref = await falling();
    const before = announcements();
    expect(before.map(buttonsOf)).toEqual([HOLD]);

    await end(ref);
    await worker.runDue();

    const after = announcements();
    expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
    expect(after.map(buttonsOf)).toEqual([[]]);
  });

  it("stands under the new announcement alone when the hold is over", async () => {
    const ref = await falling();
    await happen(ref, { event: "hold", agent: AKI });
    await worker.runDue();

    await happen(ref, { event: "due" });
    await worker.runDue();

    expect(announcements().map(buttonsOf)).toEqual([[], HOLD]);
  });

  it("stays while the fall is still to come", async () => {
    const ref = await falling();

    await takeStep(worker.db, ref, {
      ...{ step: "take", by: AKI },
      delivery: { source: "slack.press", key: "take" },
    });
    await worker.runDue();

    expect(announcements().map(buttonsOf)).toEqual([HOLD]);
  });
});

/** Its only contact is not available. */
async function falling(): Promise<TicketRef> {
  const ref = await fileTicket(worker.db, { ...URGENT, channelId: HELP });
  await worker.runDue();
  await answer(ref, "unavailable");
  await worker.runDue();
  return ref;
}

async function answer(ref: TicketRef, event: "here" | "unavailable"): Promise<void> {
  const [ask] = await worker.db.selectFrom("contact_ask").selectAll().execute();
  await happen(ref, { event, ask: ask as Ask }); // the one question that was asked
}

async function happen(ref: TicketRef, happened: Happened): Promise<void> {
  await withTicket(worker.db, ref, (tx, ticket) =>
    contactHappened(tx, NO_POLICY, ticket, happened),
  );
}

async function solve(ref: TicketRef): Promise<void> {
  const delivery = { source: "slack.press", key: "solve" } as const;
  await takeStep(worker.db, ref, { step: "solve", by: AKI, delivery });
}

async function correct({ accountId, ticketId }: TicketRef): Promise<void> {
  await worker.db
    .updateTable("ticket")
    .set({ what: "function" })
    .where("id", "=", ticketId)
    .execute();
  await worker.db
    .transaction()
    .execute((tx) => review(tx, NO_POLICY, { accountId, ticketId }, "facts"));
}

function announcements(): MessageView[] {
  const aki = worker.simulator.as("U0AKI");
  const [card] = aki.messages(AGENTS);
  const thread = card ? aki.thread(AGENTS, card.ts) : [];
  return thread.filter((each) => says(each, "優先度を「高」に見直します。"));
}

import { afterEach, beforeEach, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import type { ContactState, What } from "#db/tables.ts";
import { textsOf } from "#text/texts.ts";
import { type Reason, review } from "#tickets/review.ts";
import type { TicketRef } from "#tickets/store.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { says, textOf } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

const URGENT = { priority: "urgent", why: "Nobody can work.", contact: "U0TOM" } as const;
const t = textsOf("ja");

let worker: TicketWorker;
beforeEach(async () => {
  worker = await openTicketWorker();
});
afterEach(() => worker[Symbol.asyncDispose]());

type Change = { what?: What; contact_state?: ContactState };
const FALLS: [Reason, Change, "high" | "normal"][] = [
  ["contact-absent", { contact_state: "absent" }, "high"],
  ["workaround", { what: "function" }, "normal"],
  ["facts", { what: "function" }, "normal"],
  ["policy", { what: "function" }, "normal"],
];

it.each(FALLS)("says on both cards why the priority fell (%s)", async (reason, change, to) => {
  const ref = await fileTicket(worker.db, { ...URGENT, channelId: HELP });
  await worker.runDue();

  await reviewAfter(ref, change, reason);

  const line = t.contract.reviewed(
    t.priorities.urgent,
    t.priorities[to],
    t.contract.reasons[reason],
  );
  expect(cards(ref.number)).toEqual([expect.stringContaining(line), expect.stringContaining(line)]);
});

it("says on both cards why the priority rose again, in place of why it fell", async () => {
  const ref = await fileTicket(worker.db, { ...URGENT, channelId: HELP });
  await worker.runDue();
  await reviewAfter(ref, { contact_state: "absent" }, "contact-absent");

  await reviewAfter(ref, { contact_state: "present" }, "contact-back");

  const { reviewed, reasons } = t.contract;
  const line = reviewed(t.priorities.high, t.priorities.urgent, reasons["contact-back"]);
  for (const card of cards(ref.number)) {
    expect(card).toContain(line);
    expect(card).not.toContain(reasons["contact-absent"]);
  }
});

it("says nothing of a review where there was none", async () => {
  const ref = await fileTicket(worker.db, { ...URGENT, channelId: HELP });
  await worker.runDue();

  for (const card of cards(ref.number)) expect(card).not.toContain("見直しました");
});

async function reviewAfter(ref: TicketRef, change: Change, reason: Reason): Promise<void> {
  await worker.db.updateTable("ticket").set(change).where("id", "=", ref.ticketId).execute();
  await worker.db.transaction().execute((tx) => review(tx, NO_POLICY, ref, reason));
  await worker.runDue();
}

/** The customer's, then the agents'. */
function cards(number: string): string[] {
  const places = [
    { person: worker.simulator.as("U0HANA"), channelId: HELP },
    { person: worker.simulator.as("U0AKI"), channelId: AGENTS },
  ];
  return places.map(({ person, channelId }) => {
    const card = person.messages(channelId).find((each) => says(each, number));
    if (!card) throw new Error(`No card of ${number} in ${channelId}.`);
    return textOf(card.blocks);
  });
}

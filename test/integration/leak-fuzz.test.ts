import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Problem } from "#errors.ts";
import { findRepeatedNote } from "#tickets/note-guard.ts";
import { takeSaid } from "#tickets/said.ts";
import { takeStep } from "#tickets/step.ts";
import { findTicket, type TicketRef } from "#tickets/store.ts";
import { findTickets } from "#tickets/store-list.ts";
import { readThreadEvent } from "#tickets/thread-event.ts";
import type { Step } from "#tickets/ticket.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { silentPeople } from "../support/people.ts";
import { AGENTS_CHANNEL, openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

const ACTIONS = process.env.DESKLINE_TEST_FULL ? 100_000 : 10_000;
const A_RUN = 500;
const TICKETS = 8;
const PATIENT_MS = 60 * 60_000;
/** In every note, and in nothing else: what is found of it where a customer looks has leaked. */
const CANARY = "カナリア";

type Action =
  | { do: "note" | "edit" | "delete"; ticket: number; which: number }
  | { do: "step"; ticket: number; step: Step }
  | { do: "guard" | "search"; ticket: number };
const ticket = fc.nat(TICKETS - 1);
const which = fc.nat(30);
const action = fc.oneof(
  { weight: 60, arbitrary: fc.record({ do: fc.constant("note"), ticket, which }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant("edit"), ticket, which }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("delete"), ticket, which }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("step"),
      ticket,
      step: fc.constantFrom("take", "reply", "ask", "offer", "solve", "reopen", "inform"),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("guard"), ticket }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("search"), ticket }) },
) as fc.Arbitrary<Action>;

let world: TicketWorker;
let tickets: { ref: TicketRef; thread: string; notes: { ts: string; text: string }[] }[];
let count = 0;
beforeAll(async () => {
  world = await openTicketWorker();
  const filed = [];
  for (let n = 0; n < TICKETS; n += 1) filed.push(await fileTicket(world.db, { channelId: HELP }));
  await world.runAll();
  tickets = await Promise.all(
    filed.map(async ({ accountId, ticketId }) => {
      const ref = { accountId, ticketId };
      const thread = (await findTicket(world.db, ref)).triage_ts ?? "";
      return { ref, thread, notes: [] };
    }),
  );
});
afterAll(() => world[Symbol.asyncDispose]());

it(
  `lets no word of a note reach a customer, in ${ACTIONS} acts of agents`,
  async () => {
    const run = fc.array(action, { minLength: A_RUN, maxLength: A_RUN });
    await fc.assert(
      fc.asyncProperty(run, async (actions) => {
        for (const each of actions) await act(each);
        await world.runAll();
        expect(whatCustomersSee()).not.toContain(CANARY);
        expect(JSON.stringify(world.book.held)).not.toContain(CANARY);
        expect(await whatIsForCustomers()).not.toContain(CANARY);
      }),
      { numRuns: ACTIONS / A_RUN, endOnFailure: true },
    );
    const kept = await world.db.selectFrom("note").select("id").execute();
    expect(kept.length).toBeGreaterThan(ACTIONS / 4); // there was something to leak
  },
  PATIENT_MS,
);

async function act(what: Action): Promise<void> {
  const one = tickets[what.ticket];
  if (!one) throw new Error("There is no such ticket.");
  count += 1;
  const text = `${CANARY} ${count} 社内だけの話です`;
  if (what.do === "note") {
    const ts = `${1_900_000_000 + count}.000100`;
    one.notes.push({ ts, text });
    return said({ channel: AGENTS, ...inThread(one.thread, ts, text) });
  }
  if (what.do === "step") return step(one.ref, what.step);
  if (what.do === "edit" || what.do === "delete") {
    const note = one.notes[what.which % Math.max(1, one.notes.length)];
    if (!note) return;
    const edited = { ts: `${1_900_000_000 + count}.000200` };
    const message = { ...inThread(one.thread, note.ts, text), edited };
    if (what.do === "edit") return said({ channel: AGENTS, subtype: "message_changed", message });
    const previous_message = inThread(one.thread, note.ts, note.text);
    return said({ channel: AGENTS, subtype: "message_deleted", previous_message });
  }
  if (what.do === "guard") return guard(one);
  return search();
}

function inThread(threadTs: string, ts: string, text: string) {
  return { user: "U0AKI", text, ts, thread_ts: threadTs };
}

async function said(event: object): Promise<void> {
  const heard = { teamId: AGENTS_CHANNEL.teamId, botUserId: undefined };
  const needs = { db: world.db, people: silentPeople(), agentsChannel: AGENTS_CHANNEL };
  const read = readThreadEvent(event);
  if (!read) throw new Error("This is no event of a thread.");
  await takeSaid(needs, heard, read);
}

/** What an agent would send with a note's words in it is stopped. */
async function guard({ ref }: (typeof tickets)[number]): Promise<void> {
  const rows = await world.db
    .selectFrom("note")
    .select("body")
    .where("ticket_id", "=", ref.ticketId)
    .where("deleted_at", "is", null)
    .orderBy("at", "desc")
    .offset(count % 50)
    .limit(1)
    .execute();
  const [note] = rows;
  if (!note) return;
  expect(
    await findRepeatedNote(world.db, ref, `お待たせしました。${note.body}`, undefined),
  ).toBeDefined();
}

/** Customers find nothing by the words of notes; agents do. */
async function search(): Promise<void> {
  const who = { teamId: "T0ACME", userId: "U0HANA" };
  const query = { words: [CANARY], statuses: [] };
  const account = { who, sees: "account", accountId: "acme" } as const;
  expect((await findTickets(world.db, account, query)).tickets).toEqual([]);
}

async function step(ref: TicketRef, name: Step): Promise<void> {
  const isOurs = name !== "inform";
  const by = {
    kind: isOurs ? "agent" : "requester",
    userId: isOurs ? "U0AKI" : "U0HANA",
    name: isOurs ? "Aki" : "Hana",
  } as const;
  const body = ["reply", "ask", "offer", "inform"].includes(name)
    ? `ふつうの文 ${count}`
    : undefined;
  const delivery = { source: "slack.press", key: `fuzz ${count}` } as const;
  await takeStep(world.db, ref, { step: name, by, ...(body && { body }), delivery }).catch(
    (error: unknown) => {
      if (!(error instanceof Problem)) throw error; // not possible now
    },
  );
}

/** Everything outside the agents' channel, also what only one person sees. */
function whatCustomersSee(): string {
  const { messages, ephemerals, views } = world.simulator.world;
  const outside = messages().filter(({ channel }) => channel !== AGENTS);
  const own = ephemerals().filter(({ channel }) => channel !== AGENTS);
  return JSON.stringify([outside, own, views()]);
}

async function whatIsForCustomers(): Promise<string> {
  const tables = [
    "comment",
    "ticket_history",
    "desk_change",
    "desk_ticket",
    "outgoing_comment",
    "sent_file",
    "job",
  ] as const;
  const rows = tables.map((table) => world.db.selectFrom(table).selectAll().execute());
  return JSON.stringify(await Promise.all(rows));
}

import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parsePolicy } from "#accounts/policy-yaml.ts";
import { createExpectations } from "#tickets/expectation.ts";
import { takeStep } from "#tickets/step.ts";
import { findTicket, type TicketRef } from "#tickets/store.ts";
import { pingLate } from "#tickets/waiting-watch.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { textOf } from "../support/ticket-walk.ts";
import { AGENTS_CHANNEL, openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket, setTicket } from "../support/tickets.ts";

const POLICY = policyOf(`
targets:
  hours: { time_zone: Asia/Tokyo, mon: "09:00-18:00", tue: "09:00-18:00", wed: "09:00-18:00" }
  first_answer: { paid: { normal: 60 } }
  next_answer: { paid: { normal: 120 } }
  warn_minutes: 30
  escalate_to: [T0KUMO/U0EVA]
`);

let world: TicketWorker;
beforeEach(async () => {
  world = await openTicketWorker({ policy: POLICY });
  await at("2026-11-16T17:30+09:00");
});
afterEach(() => world[Symbol.asyncDispose]());

describe("an answer that the customer waits for", () => {
  it("is warned of and called for in working hours, each once, and its deadline stands on the card", async () => {
    const ref = await filed();
    await look(); // the evening: half an hour of sixty is left for the morning
    expect(said(ref)).toEqual([]);
    expect(cardOf(ref)).toContain("最初の回答の期限");

    await at("2026-11-17T09:05+09:00");
    await look();
    await look();
    expect(said(ref)).toEqual([expect.stringContaining("⏰ 最初の回答の期限は")]);

    await at("2026-11-17T09:31+09:00");
    await Promise.all([look(), look()]);
    expect(said(ref)).toHaveLength(2);
    expect(said(ref).at(-1)).toMatch(/🔴 最初の回答が期限を過ぎました。.*<@U0EVA>/s);
    expect(await pings()).toEqual([
      { kind: "warning", called: 0 },
      { kind: "late", called: 1 },
    ]);
  });

  it("is over when support answers, and begins again when the customer says more", async () => {
    const ref = await filed();
    await act(ref, "agent", "reply", "Looking.");
    await at("2026-11-17T12:00+09:00");
    await look();
    expect(said(ref)).toEqual([]);
    expect(cardOf(ref)).not.toContain("回答の期限");

    await act(ref, "requester", "inform", "Still broken.");
    await act(ref, "requester", "inform", "And more.");
    expect(cardOf(ref)).toContain("次の回答の期限");
    await at("2026-11-17T13:31+09:00");
    await look();
    expect(said(ref)).toEqual([expect.stringContaining("お客様が回答を待っています")]);
    expect(said(ref)[0]).toContain("<@U0AKI>"); // who answered has it
  });

  it("is not called for while it waits for the customer, is held, or has ended", async () => {
    for (const status of ["pending", "on_hold", "solved", "closed"] as const) {
      const ref = await filed();
      await setTicket(world.db, ref, { status });
    }
    await at("2026-11-18T17:00+09:00");
    await look();
    expect(await pings()).toEqual([]);
  });

  it("of a ticket that has no target, or of before, is nobody's call", async () => {
    const low = await filed({ priority: "low" });
    const old = await filed();
    await world.db
      .updateTable("ticket")
      .set({ waits_since: null })
      .where("id", "=", old.ticketId)
      .execute();
    await at("2026-11-18T17:00+09:00");
    await look();
    expect([said(low), said(old)]).toEqual([[], []]);
  });
});

describe("what the requester may expect", () => {
  it("is the target, until twenty tickets like theirs were answered", async () => {
    const first = await filed();
    await world.runAll();
    expect(customerCard(first)).toContain("営業時間内で1時間以内の回答を目標にしています");

    for (let n = 1; n <= 20; n += 1) {
      const { ticketId } = await fileTicket(world.db);
      await sql`
        update ticket set first_answered_at = created_at + make_interval(mins => ${n}), waits_since = null
        where id = ${ticketId}`.execute(world.db);
    }
    const expectation = createExpectations({ db: world.db, policy: () => POLICY });
    const ticket = await findTicket(world.db, first);
    expect(await expectation(ticket)).toEqual({ is: "measured", half: 10, ninety: 18, count: 20 });
    await act(first, "agent", "reply", "Looking.");
    expect(await expectation(await findTicket(world.db, first))).toBeUndefined();
    expect(customerCard(first)).not.toContain("目標");
    const next = await filed();
    expect(customerCard(next)).toContain("半数が10分以内、9割が18分以内でした（過去90日、21件）");
  });
});

async function filed(draft: { priority?: "low" } = {}): Promise<TicketRef> {
  const { accountId, ticketId } = await fileTicket(world.db, { channelId: HELP, ...draft });
  await world.runAll();
  return { accountId, ticketId };
}

async function act(
  ref: TicketRef,
  kind: "agent" | "requester",
  step: "reply" | "inform",
  body: string,
): Promise<void> {
  const by = { kind, userId: kind === "agent" ? "U0AKI" : "U0HANA", name: kind };
  await takeStep(world.db, ref, { step, by, body, delivery: { source: "slack.view", key: body } });
  await world.runAll();
}

async function look(): Promise<void> {
  const { db, people } = world;
  await pingLate({ db, people, agentsChannel: AGENTS_CHANNEL, policy: () => POLICY });
  await world.runAll();
}

/** The sentences about deadlines in the agents' thread. */
function said({ ticketId }: TicketRef): string[] {
  const card = triageOf(ticketId);
  const thread = world.simulator
    .as("U0AKI")
    .thread(AGENTS, card?.ts ?? "")
    .slice(1);
  return thread
    .map(({ blocks }) => textOf(blocks))
    .filter((words) => /期限|回答を待って/.test(words));
}

function cardOf({ ticketId }: TicketRef): string {
  return textOf(triageOf(ticketId)?.blocks);
}

function customerCard({ ticketId }: TicketRef): string {
  const messages = world.simulator.as("U0HANA").messages(HELP);
  return textOf(messages.find(({ blocks }) => JSON.stringify(blocks).includes(ticketId))?.blocks);
}

function triageOf(ticketId: string) {
  const messages = world.simulator.as("U0AKI").messages(AGENTS);
  return messages.find(({ blocks }) => JSON.stringify(blocks).includes(ticketId));
}

async function pings() {
  return world.db.selectFrom("ping").select(["kind", "called"]).orderBy("at").execute();
}

async function at(moment: string): Promise<void> {
  await world.database.setNow(new Date(moment));
}

function policyOf(yaml: string) {
  const parsed = parsePolicy(yaml);
  if ("faults" in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.policy;
}

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FaultPoint, onFaultPoint } from "#fault-points.ts";
import { tellFailure } from "#tickets/outbox.ts";
import { type StepTaken, takeStep } from "#tickets/step.ts";
import { findTicket, lockTicket, type TicketRef } from "#tickets/store.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { failAt } from "../support/fail-at.ts";
import { textOf } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { type Filed, fileTicket } from "../support/tickets.ts";

let world: TicketWorker;
let delivery = 0;
beforeAll(async () => {
  world = await openTicketWorker();
});
afterAll(() => world[Symbol.asyncDispose]());
afterEach(async () => {
  onFaultPoint(undefined);
  await world.database.setNow(null);
});

describe("what waits for a thread", () => {
  it("is said message by message as long as it comes in time", async () => {
    const ticket = await filed();
    await replies(ticket, ["one", "two"]);

    await world.runAll();

    expect(await customerReads(ticket)).toEqual([["one"], ["two"]]);
  });

  it("is one message, in order, when it comes late", async () => {
    const [ticket, other] = [await filed(), await filed()];
    await replies(ticket, ["one"]);
    await replies(other, ["apart"]);
    await replies(ticket, ["two", "three"]);

    await minutesLater(2);
    await world.runAll();

    expect(await customerReads(ticket)).toEqual([["one", "two", "three"]]);
    expect(await customerReads(other)).toEqual([["apart"]]);
  });

  it("is one message for the agents, too", async () => {
    const ticket = await filed();
    await inform(ticket, ["one", "two", "three"]);

    await minutesLater(2);
    await world.runAll();

    expect(await agentsRead(ticket)).toEqual([["one", "two", "three"]]);
  });

  it("has the failures in it", async () => {
    const ticket = await filed();
    await replies(ticket, ["one"]);
    await fail(ticket, "4711");
    await replies(ticket, ["two"]);

    await minutesLater(2);
    await world.runAll();

    expect(await customerReads(ticket)).toEqual([["one", "4711", "two"]]);
  });

  it.each<FaultPoint>([
    "catch-up.before-commit",
    "catch-up.after-commit",
    "once.before-send",
    "once.after-send",
    "job.before-finish",
  ])("is said once when the worker fails at %s, with what came meanwhile", async (point) => {
    const ticket = await filed();
    await replies(ticket, ["one", "two"]);
    await minutesLater(2);
    const struck = failAt(point);
    await world.runFirst("ticket.tell-customer");
    await replies(ticket, ["three"]);

    await world.runAll();

    expect(struck()).toBe(1);
    expect((await customerReads(ticket)).flat()).toEqual(["one", "two", "three"]);
  });

  it("leaves out the message whose answer was lost: it stands", async () => {
    const ticket = await filed();
    await replies(ticket, ["one", "two", "three"]);
    world.simulator.faults.add({
      kind: "accepted-then-dropped",
      method: "chat.postMessage",
      times: 1,
    });
    await world.runFirst("ticket.tell-customer");

    await minutesLater(2);
    await world.runAll();

    expect(await customerReads(ticket)).toEqual([["one"], ["two", "three"]]);
  });

  it("takes in the message that Slack did not accept, and what came behind it in the end", async () => {
    const ticket = await filed();
    await replies(ticket, ["one", "two"]);
    await minutesLater(2);
    world.simulator.faults.add({ kind: "500", method: "chat.postMessage", times: 1 });
    await world.runFirst("ticket.tell-customer");
    await replies(ticket, ["three"]);

    await world.runAll();

    expect(await customerReads(ticket)).toEqual([["one", "two", "three"]]);
  });

  it("loses no word where one message cannot hold it", async () => {
    const ticket = await filed();
    const long = Array.from({ length: 9 }, (_, n) => `${n}`.repeat(2500));
    await replies(ticket, long);

    await minutesLater(2);
    await world.runAll();

    const read = await customerReads(ticket);
    expect(read.flat().every((words, n) => words === long[n])).toBe(true);
    expect(read.map(({ length }) => length)).toEqual([4, 4, 1]);
  });
});

/** With both its cards, at the desk. */
async function filed(): Promise<Filed> {
  const ticket = await fileTicket(world.db);
  await world.runAll();
  return ticket;
}

function replies(ticket: TicketRef, bodies: readonly string[]): Promise<void> {
  return steps(ticket, bodies, {
    step: "reply",
    by: { kind: "agent", userId: "U0AKI", name: "Aki" },
  });
}

function inform(ticket: TicketRef, bodies: readonly string[]): Promise<void> {
  return steps(ticket, bodies, {
    step: "inform",
    by: { kind: "requester", userId: "U0HANA", name: "Hana" },
  });
}

async function steps(
  ticket: TicketRef,
  bodies: readonly string[],
  taken: Pick<StepTaken, "step" | "by">,
): Promise<void> {
  for (const body of bodies) {
    delivery += 1;
    const key = String(delivery);
    await takeStep(world.db, ticket, { ...taken, body, delivery: { source: "slack.view", key } });
  }
}

async function fail(ticket: TicketRef, reference: string): Promise<void> {
  await world.db.transaction().execute(async (tx) => {
    await tellFailure(tx, await lockTicket(tx, ticket), { what: "gave-up", reference });
  });
}

async function minutesLater(minutes: number): Promise<void> {
  await world.database.setNow(new Date(Date.now() + minutes * 60_000));
}

/** What each message of the thread has of ours: the quoted words, and the references of failures. */
async function customerReads(ref: TicketRef): Promise<string[][]> {
  const { card_ts: ts } = await findTicket(world.db, ref);
  return read(world.simulator.as("U0HANA").thread(HELP, ts ?? ""));
}

async function agentsRead(ref: TicketRef): Promise<string[][]> {
  const { triage_ts: ts } = await findTicket(world.db, ref);
  return read(world.simulator.as("U0AKI").thread(AGENTS, ts ?? ""));
}

function read(thread: { blocks: unknown }[]): string[][] {
  return thread.slice(1).map(({ blocks }) => {
    const found = textOf(blocks).matchAll(/^&gt; (\w+)$|^> (\w+)$|参照番号 (\w+)/gm);
    return [...found].map(([, ...words]) => words.find((word) => word !== undefined) ?? "");
  });
}

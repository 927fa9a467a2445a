import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FaultPoint, onFaultPoint } from "#fault-points.ts";
import type { MessageView } from "#simulator/page/contract.ts";
import { postTriageCard } from "#tickets/outbox.ts";
import { takeStep } from "#tickets/step.ts";
import { lockTicket, type TicketRef } from "#tickets/store.ts";
import { AGENTS } from "../support/app.ts";
import { failAt } from "../support/fail-at.ts";
import { textOf } from "../support/ticket-walk.ts";
import { AGENTS_CHANNEL, openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { type Filed, fileTicket } from "../support/tickets.ts";

const LINK = "https://acme.slack.com/archives/C0ACMEHELP/p1700000000000100";

let world: TicketWorker;
beforeAll(async () => {
  world = await openTicketWorker();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.runAll();
  for (const { ts } of posted()) world.simulator.world.deleteMessage(AGENTS, ts);
});
afterEach(() => onFaultPoint(undefined));

describe("triage cards that wait", () => {
  it("are posted one by one as long as they are 20", async () => {
    const tickets = await letWait(20);

    await world.runAll();

    expect(posted().map(numbersIn)).toEqual(tickets.map(({ number }) => [number]));
  });

  it("are one digest as soon as they are more, the most urgent first", async () => {
    const normal = await letWait(18, { priority: "normal" });
    const urgent = await letWait(2, { priority: "urgent" });
    const low = await letWait(2, { priority: "low" });

    await world.runAll();

    const [digest, ...rest] = posted();
    expect(rest).toEqual([]);
    expect(numbersIn(digest)).toEqual(numbersOf([...urgent, ...normal, ...low]));
  });

  it("are listed with subject, account, and the link to the customer's thread", async () => {
    const [ticket] = await letWait(21, { subject: "請求書 <!channel>" });
    await setUrl(ticket, LINK);

    await world.runAll();

    const text = textOf(posted()[0]?.blocks);
    expect(text).toContain(`<${LINK}|${ticket?.number}> 請求書 &lt;!channel&gt; · Acme`);
  });

  it("of which 120 wait are each said once", async () => {
    const tickets = await letWait(120);

    await world.runAll();

    const said = posted().flatMap(numbersIn);
    expect(said.toSorted()).toEqual(numbersOf(tickets).toSorted());
    expect(posted()).toHaveLength(2 + 20);
  });

  it.each<FaultPoint>([
    "digest.before-commit",
    "digest.after-commit",
    "once.before-send",
    "once.after-send",
    "job.before-finish",
  ])("are each listed once when the worker fails at %s", async (point) => {
    const tickets = await letWait(25);
    const struck = failAt(point);

    await world.runAll();

    expect(struck()).toBe(1);
    expect(posted()).toHaveLength(1);
    expect(numbersIn(posted()[0]).toSorted()).toEqual(numbersOf(tickets).toSorted());
  });

  it("leave out the card whose answer was lost: it stands", async () => {
    const [first] = await letWait(1);
    await failToPost("accepted-then-dropped");
    const others = await letWait(24);

    await world.runAll();

    expect(posted().map(numbersIn)).toEqual([[first?.number], numbersOf(others)]);
  });

  it("take in the card that Slack did not accept", async () => {
    const first = await letWait(1);
    await failToPost("500");
    const others = await letWait(24);

    await world.runAll();

    expect(posted().map(numbersIn)).toEqual([numbersOf([...first, ...others])]);
  });
});

describe("a ticket in a digest", () => {
  it("gets its card when there is something to say in its thread", async () => {
    const [ticket] = await letWait(21);
    await world.runAll();
    if (!ticket) throw new Error("There is no ticket.");

    await takeStep(world.db, ticket, {
      step: "inform",
      by: { kind: "requester", userId: "U0HANA", name: "Hana" },
      body: "It says 503.",
      delivery: { source: "slack.message", key: ticket.ticketId },
      message: {
        ...{ teamId: "T0ACME", channelId: "C0ACMEHELP", ts: "1800000000.000100" },
        threadTs: "1800000000.000000",
      },
      fromDesk: true,
    });
    await letWait(25); // it is not listed a second time
    await world.runAll();

    const cards = posted().filter((message) => numbersIn(message).length === 1);
    expect(cards.map(numbersIn)).toEqual([[ticket.number]]);
    const thread = world.simulator.as("U0AKI").thread(AGENTS, cards[0]?.ts ?? "");
    expect(thread.map(({ text }) => text.includes("It says 503."))).toEqual([false, true]);
  });

  it("gets its card when the digest cannot be posted for good", async () => {
    const tickets = await letWait(25);
    failAt("once.before-send", 5);

    await world.runAll();

    expect(posted().map(numbersIn).toSorted()).toEqual(tickets.map(({ number }) => [number]));
  });
});

type Given = Parameters<typeof fileTicket>[1];

/** Tickets whose triage cards wait; nothing else of them does. */
async function letWait(count: number, given: Given = {}): Promise<Filed[]> {
  const tickets: Filed[] = [];
  for (let n = 0; n < count; n++) tickets.push(await fileTicket(world.db, given));
  await world.db.deleteFrom("job").where("name", "=", "ticket.file").execute();
  await wait(tickets);
  return tickets;
}

async function wait(tickets: readonly TicketRef[]): Promise<void> {
  await world.db.transaction().execute(async (tx) => {
    for (const ref of tickets) {
      const ticket = await lockTicket(tx, ref);
      await postTriageCard(tx, ticket, AGENTS_CHANNEL);
    }
  });
}

/** The first job that is due fails, as Slack does. */
async function failToPost(kind: "accepted-then-dropped" | "500"): Promise<void> {
  world.simulator.faults.add({ kind, method: "chat.postMessage", times: 1 });
  await world.runFirst("ticket.post-triage-card");
}

async function setUrl(ticket: Filed | undefined, url: string): Promise<void> {
  const id = ticket?.ticketId ?? "";
  const card = { card_channel_id: "C0ACMEHELP", card_url: url };
  await world.db.updateTable("ticket").set(card).where("id", "=", id).execute();
}

/** Cards and digests in the agents' channel, oldest first. */
function posted(): MessageView[] {
  const messages = world.simulator.as("U0AKI").messages(AGENTS);
  return messages.filter((message) => numbersIn(message).length > 0);
}

/** Every number that the message shows, its menu apart. */
function numbersIn(message: MessageView | undefined): string[] {
  const blocks = message?.blocks.filter(({ type }) => type !== "actions") ?? [];
  return textOf(blocks).match(/DL-\d+/g) ?? [];
}

function numbersOf(tickets: readonly Filed[]): string[] {
  return tickets.map(({ number }) => number);
}

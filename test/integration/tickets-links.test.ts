import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import { textsOf } from "#text/texts.ts";
import { changeLinks } from "#tickets/links.ts";
import { mergeTickets } from "#tickets/merge.ts";
import { takeStep } from "#tickets/step.ts";
import { findTicket } from "#tickets/store.ts";
import { findSteps } from "#tickets/store-history.ts";
import { agentsSaid } from "#tickets/thread-views.ts";
import { TypedNumber } from "#tickets/ticket.ts";
import { AGENTS, EXT_BETA, HELP } from "../support/app.ts";
import { openTestDoor, type TestDoor, type Who } from "../support/door.ts";
import { textOf } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { type Filed, fileTicket } from "../support/tickets.ts";

const AKI: Who = { teamId: "T0KUMO", userId: "U0AKI" };
const BY = { kind: "agent", userId: "U0AKI", name: "Aki" } as const;

describe("two tickets that an agent links", () => {
  let door: TestDoor;
  beforeAll(async () => {
    door = await openTestDoor();
  });
  afterAll(() => door[Symbol.asyncDispose]());

  it("each have it in their history, and can be parted from either", async () => {
    const [one, other] = [await fileTicket(door.db), await fileTicket(door.db)];

    expect(await submit(one, { number: other.number })).toMatchObject({ outcome: "closes" });
    expect(await linksOf(one, other)).toEqual([1, 1]);
    expect(await submit(other, { number: "", unlink: one.ticketId })).toMatchObject({
      outcome: "closes",
    });

    expect(await linksOf(one, other)).toEqual([0, 0]);
    expect(await said(one)).toEqual([
      `*U0AKI* さんが${other.number}との関連付けを外しました`,
      `*U0AKI* さんが${other.number}と関連付けました`,
    ]);
    expect(await said(other)).toEqual([
      `*U0AKI* さんが${one.number}との関連付けを外しました`,
      `*U0AKI* さんが${one.number}と関連付けました`,
    ]);
    const jobs = await door.db.selectFrom("job").select("name").execute();
    expect(jobs.map(({ name }) => name)).not.toContain("ticket.tell-customer");
  });

  it("are found by their number as people type it", async () => {
    for (const typed of [
      "DL-1042",
      "dl-1042",
      "1042",
      " ＤＬ－１０４２ ",
      "DL1042",
      "DLー1042",
      "#1042",
    ])
      expect([typed, TypedNumber.safeParse(typed).data]).toEqual([typed, 1042]);
    for (const typed of ["", "DL-", "DL-1042x", "1042 1043", "-1042", "1e3", "9".repeat(10), "0x1"])
      expect([typed, TypedNumber.safeParse(typed).data]).toEqual([typed, undefined]);
  });

  it("are not one and the same, unknown, of another account, or linked already", async () => {
    const [one, other] = [await fileTicket(door.db), await fileTicket(door.db)];
    const beta = await fileTicket(door.db, {
      ...{ teamId: "T0KUMO", userId: "U0SOL", channelId: EXT_BETA },
    });
    await submit(one, { number: other.number });

    const said = async (number: string) => (await submit(one, { number })).seen;
    const unknown = "This customer has no ticket with that number.";
    expect(await said(one.number)).toContain("That is this very ticket.");
    expect(await said("DL-999999999")).toContain(unknown);
    expect(await said(beta.number)).toContain(unknown);
    expect(await said(other.number)).toContain("They are linked already.");
    expect(await said("新しい方")).toContain("Give a number like DL-1042.");
    expect(await said(" ")).toContain("Give a number, or choose a ticket to unlink.");
    expect(await linksOf(one, other, beta)).toEqual([1, 1, 0]);
  });

  it("are linked with ten others at most", async () => {
    const hub = await fileTicket(door.db);
    for (let n = 0; n < 10; n += 1)
      await submit(hub, { number: (await fileTicket(door.db)).number });
    const late = await fileTicket(door.db);

    const came = await submit(late, { number: hub.number });

    expect(came.seen).toContain("ten others at most");
    expect(await linksOf(hub, late)).toEqual([10, 0]);
  });

  it("are linked once when two agents link them at the same time, from either side", async () => {
    const [one, other] = [await fileTicket(door.db), await fileTicket(door.db)];

    const came = await Promise.allSettled([
      change(one, { add: Number(other.number.slice(3)) }, "a"),
      change(other, { add: Number(one.number.slice(3)) }, "b"),
      change(one, { add: Number(other.number.slice(3)) }, "c"),
    ]);

    expect(came.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await linksOf(one, other)).toEqual([1, 1]);
    expect(await said(one)).toHaveLength(1);
  });

  it("are not parted by an id that somebody made up, and twice is once", async () => {
    const [one, other] = [await fileTicket(door.db), await fileTicket(door.db)];
    const beta = await fileTicket(door.db, {
      ...{ teamId: "T0KUMO", userId: "U0SOL", channelId: EXT_BETA },
    });
    await submit(one, { number: other.number });

    const forged = await submit(one, { number: "", unlink: beta.ticketId });
    const parted = () => change(one, { remove: other.ticketId }, "part");
    await Promise.all([parted(), parted()]);
    await change(other, { remove: one.ticketId }, "late");

    expect(forged.outcome).toBe("refuses ticket-not-found");
    expect(await linksOf(one, other)).toEqual([0, 0]);
    expect(await said(one)).toHaveLength(2);
  });

  it("are named in the form that parts them", async () => {
    const [one, other] = [await fileTicket(door.db), await fileTicket(door.db)];
    const press = () =>
      door.call("press ticket.more", AKI, { value: `link/${one.accountId}/${one.ticketId}` });
    expect((await press()).seen).not.toContain("Ticket to unlink");

    await submit(one, { number: other.number });

    const { seen } = await press();
    expect(seen).toContain("Ticket to unlink");
    expect(seen).toContain(other.ticketId);
  });

  function submit(ticket: Filed, values: Record<string, string>) {
    const metadata = `${ticket.accountId}/${ticket.ticketId}`;
    return door.call("submit ticket.link", AKI, { metadata, values });
  }

  function change(ticket: Filed, what: { add?: number; remove?: string }, key: string) {
    const delivery = { source: "slack.view", key: `${ticket.ticketId}/${key}` } as const;
    return changeLinks(door.db, ticket, { ...what, by: BY, delivery });
  }

  async function linksOf(...tickets: Filed[]): Promise<number[]> {
    const now = await Promise.all(tickets.map((ticket) => findTicket(door.db, ticket)));
    return now.map(({ links }) => links);
  }

  /** The newest first. */
  async function said(ticket: Filed): Promise<string[]> {
    const now = await findTicket(door.db, ticket);
    const steps = await findSteps(door.db, ticket, 10);
    return steps
      .filter(({ history }) => /linked$/.test(history.event))
      .map((step) => agentsSaid(textsOf("ja"), now, step).line);
  }
});

describe("their cards", () => {
  let world: TicketWorker;
  beforeEach(async () => {
    world = await openTicketWorker();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it("list the other with its status as it is now, for agents alone", async () => {
    const one = await filed("ログインできない");
    const other = await filed("印刷できない");

    await link(one, other);
    expect(triageOf(one)).toMatch(
      new RegExp(`\\*関連するお問い合わせ\\*\n• <http\\S+\\|${other.number}> 印刷できない（受付）`),
    );
    expect(triageOf(other)).toContain(`${one.number}> ログインできない（受付）`);

    await takeStep(world.db, one, {
      step: "solve",
      by: BY,
      delivery: { source: "slack.press", key: "solve" },
    });
    await world.runAll();
    expect(triageOf(other)).toContain("ログインできない（解決）");
    await mergeInto(other, await filed("別の相談"));
    expect(triageOf(one)).toContain("印刷できない（終了）");
    const customers = world.simulator.as("U0HANA").messages(HELP);
    expect(JSON.stringify(customers)).not.toContain("関連");
  });

  async function mergeInto(from: Filed, into: Filed): Promise<void> {
    const links = { from: undefined, into: undefined };
    const delivery = { source: "slack.view", key: "merge" } as const;
    const policy = NO_POLICY;
    await mergeTickets(world.db, { from, into, links }, { by: BY, policy, delivery });
    await world.runAll();
  }

  async function filed(subject: string): Promise<Filed> {
    const ticket = await fileTicket(world.db, { channelId: HELP, subject });
    await world.runAll();
    return ticket;
  }

  async function link(one: Filed, other: Filed): Promise<void> {
    await changeLinks(world.db, one, {
      add: Number(other.number.slice(3)),
      by: BY,
      delivery: { source: "slack.view", key: "link" },
    });
    await world.runAll();
  }

  function triageOf({ ticketId }: Filed): string {
    const cards = world.simulator.as("U0AKI").messages(AGENTS);
    const card = cards.find(({ blocks }) => JSON.stringify(blocks).includes(ticketId));
    return textOf(card?.blocks);
  }
});

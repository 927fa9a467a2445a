import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parsePolicy } from "#accounts/policy-yaml.ts";
import { textsOf } from "#text/texts.ts";
import { releaseDeparted } from "#tickets/departed.ts";
import { takeStep } from "#tickets/step.ts";
import { findTicket } from "#tickets/store.ts";
import { findSteps } from "#tickets/store-history.ts";
import { agentsSaid } from "#tickets/thread-views.ts";
import { pingLate } from "#tickets/waiting-watch.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { textOf } from "../support/ticket-walk.ts";
import { AGENTS_CHANNEL, openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { type Filed, fileTicket, setTicket } from "../support/tickets.ts";

let world: TicketWorker;
beforeEach(async () => {
  world = await openTicketWorker();
});
afterEach(() => world[Symbol.asyncDispose]());

describe("an agent who left the agents' channel", () => {
  it("has no open ticket any more; the cards, the history and one message say so", async () => {
    const open = await taken("U0BEN", { subject: "ログインできない" });
    const pending = await taken("U0BEN", { subject: "印刷できない", priority: "low" });
    await setTicket(world.db, pending, { status: "pending" });
    const solved = await taken("U0BEN");
    await setTicket(world.db, solved, { status: "solved" });
    const other = await taken("U0AKI");
    leave("U0BEN");

    await look();
    await look();

    expect(await ownersOf([open, pending, solved, other])).toEqual([null, null, "U0BEN", "U0AKI"]);
    expect((await findTicket(world.db, pending)).status).toBe("pending");
    expect(await newest(open)).toBe(
      "*U0BEN* さんがサポート担当者ではなくなったため、担当を外しました",
    );
    expect(cardOf(open, "U0AKI", AGENTS)).toContain("まだ決まっていません");
    expect(cardOf(open, "U0HANA", HELP)).toContain("まだ決まっていません");
    const [told, ...more] = messages();
    expect(more).toEqual([]);
    expect(told).toContain("*U0BEN* さんはサポート担当者ではなくなりました。");
    expect(told).toContain("次の2件");
    expect(told).toMatch(
      new RegExp(`<http\\S+\\|${open.number}> ログインできない .*普通 .*対応中`),
    );
    expect(told).toMatch(/印刷できない .*低 .*お客様の返答待ち/);
  });

  it("gets nothing back when they return, and others can take it", async () => {
    const ticket = await taken("U0BEN");
    leave("U0BEN");
    await look();
    join("U0BEN");
    await look();

    expect(await ownersOf([ticket])).toEqual([null]);
    await take(ticket, "U0AKI");
    expect(await ownersOf([ticket])).toEqual(["U0AKI"]);
  });

  it("is one whose account was deactivated, too", async () => {
    const ticket = await taken("U0BEN");
    world.simulator.world.deactivate("U0BEN");

    await look();

    expect(await ownersOf([ticket])).toEqual([null]);
  });

  it("keeps theirs as long as Slack does not say who is there", async () => {
    const ticket = await taken("U0BEN");
    leave("U0BEN");
    const fault = world.simulator.faults.add({ kind: "500", method: "conversations.members" });
    await look();
    expect(await ownersOf([ticket])).toEqual(["U0BEN"]);

    world.simulator.faults.end(fault);
    await look();
    expect(await ownersOf([ticket])).toEqual([null]);
  });

  it("is released once, however many workers look at the same time", async () => {
    const tickets = [await taken("U0BEN"), await taken("U0BEN"), await taken("U0BEN")];
    leave("U0BEN");

    await Promise.all(Array.from({ length: 4 }, () => releaseDeparted(needs())));
    await world.runAll();

    expect(await ownersOf(tickets)).toEqual([null, null, null]);
    expect(messages()).toHaveLength(1);
    for (const ticket of tickets) {
      const steps = await findSteps(world.db, ticket, 10);
      expect(steps.filter(({ history }) => history.event === "left")).toHaveLength(1);
    }
  });

  it("is listed with thirty tickets, and the number of the others", async () => {
    for (let n = 0; n < 32; n += 1) {
      const ticket = await fileTicket(world.db, { channelId: HELP });
      await setTicket(world.db, ticket, { assignee_user_id: "U0BEN", status: "open" });
    }
    leave("U0BEN");
    await releaseDeparted(needs());
    await world.runAll();

    const [told = ""] = messages();
    expect(told.match(/DL-\d+/g)).toHaveLength(30);
    expect(told).toContain("次の32件");
    expect(told).toContain("ほか2件");
  });

  it("has what is solved or closed until a customer reopens it, and is not called then", async () => {
    const tickets = [await taken("U0BEN"), await taken("U0BEN"), await taken("U0BEN")];
    const [reopened, solved, closed] = tickets as [Filed, Filed, Filed];
    for (const ticket of [reopened, solved])
      await setTicket(world.db, ticket, { status: "solved" });
    await setTicket(world.db, closed, { status: "closed" });
    leave("U0BEN");
    await look();
    expect(await ownersOf(tickets)).toEqual(["U0BEN", "U0BEN", "U0BEN"]);

    await inform(reopened);
    await world.runAll();

    expect(await ownersOf(tickets)).toEqual([null, "U0BEN", "U0BEN"]);
    expect(thread(reopened).join("\n")).toContain("情報を追加し、お問い合わせを再開しました");
    expect(thread(reopened).join("\n")).not.toContain("<@U0BEN>");
    expect(messages()).toEqual([expect.stringContaining(`${reopened.number}`)]);
  });

  it("is called for what is reopened as long as they are there", async () => {
    const ticket = await taken("U0BEN");
    await setTicket(world.db, ticket, { status: "solved" });

    await inform(ticket);
    await world.runAll();

    expect(thread(ticket).join("\n")).toContain("お問い合わせを再開しました <@U0BEN>");
    expect(await ownersOf([ticket])).toEqual(["U0BEN"]);
  });

  it("is not called when an answer is late", async () => {
    const policy = policyOf(`
targets:
  hours: { time_zone: UTC, mon: "00:00-24:00" }
  around_the_clock: [normal]
  first_answer: { paid: { normal: 10 } }
  warn_minutes: 5
  escalate_to: [T0KUMO/U0EVA]
`);
    const ticket = await taken("U0BEN");
    const { created_at: filedAt } = await findTicket(world.db, ticket);
    leave("U0BEN");

    await world.database.setNow(new Date(filedAt.getTime() + 11 * 60_000));
    await pingLate({ ...needs(), policy: () => policy });
    await world.runAll();

    const said = thread(ticket).join("\n");
    expect(said).toContain("最初の回答が期限を過ぎました");
    expect(said).toContain("<@U0EVA>");
    expect(said).not.toContain("<@U0BEN>");
    expect(await ownersOf([ticket])).toEqual([null]);
  });
});

async function taken(userId: string, draft: Parameters<typeof fileTicket>[1] = {}): Promise<Filed> {
  const ticket = await fileTicket(world.db, { channelId: HELP, ...draft });
  await world.runAll();
  await take(ticket, userId);
  await world.runAll();
  return ticket;
}

async function take(ticket: Filed, userId: string): Promise<void> {
  await takeStep(world.db, ticket, {
    step: "take",
    by: { kind: "agent", userId, name: userId },
    delivery: { source: "slack.press", key: `${ticket.ticketId}/${userId}` },
  });
}

/** Hana says more. */
async function inform(ticket: Filed): Promise<void> {
  await takeStep(world.db, ticket, {
    step: "inform",
    by: { kind: "requester", userId: "U0HANA", name: "Hana" },
    body: "まだ直っていません",
    delivery: { source: "slack.view", key: ticket.ticketId },
  });
}

function needs() {
  const { db, people } = world;
  return { db, people, agentsChannel: AGENTS_CHANNEL };
}

async function look(): Promise<void> {
  await releaseDeparted(needs());
  await world.runAll();
}

function leave(userId: string): void {
  const { memberIds } = world.simulator.world.channel(AGENTS);
  const others = memberIds.filter((id) => id !== userId);
  world.simulator.world.changeChannel(AGENTS, { memberIds: others });
}

function join(userId: string): void {
  const { memberIds } = world.simulator.world.channel(AGENTS);
  world.simulator.world.changeChannel(AGENTS, { memberIds: [...memberIds, userId] });
}

async function ownersOf(tickets: Filed[]): Promise<(string | null)[]> {
  const now = await Promise.all(tickets.map((ticket) => findTicket(world.db, ticket)));
  return now.map((ticket) => ticket.assignee_user_id);
}

async function newest(ticket: Filed): Promise<string | undefined> {
  const now = await findTicket(world.db, ticket);
  const [step] = await findSteps(world.db, ticket, 1);
  return step && agentsSaid(textsOf("ja"), now, step).line;
}

/** Those that say that somebody is no agent any more. */
function messages(): string[] {
  const said = world.simulator.as("U0AKI").messages(AGENTS);
  return said.map(({ blocks }) => textOf(blocks)).filter((words) => words.includes("なりました"));
}

function cardOf({ number }: Filed, userId: string, channel: string): string {
  const own = world.simulator.as(userId).messages(channel);
  return textOf(own.find(({ blocks }) => textOf(blocks).includes(`${number} `))?.blocks);
}

function thread({ ticketId }: Filed): string[] {
  const aki = world.simulator.as("U0AKI");
  const card = aki.messages(AGENTS).find(({ blocks }) => JSON.stringify(blocks).includes(ticketId));
  return aki.thread(AGENTS, card?.ts ?? "").map(({ blocks }) => textOf(blocks));
}

function policyOf(yaml: string) {
  const parsed = parsePolicy(yaml);
  if ("faults" in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.policy;
}

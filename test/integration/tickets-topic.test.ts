import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPolicy } from "#accounts/policy-source.ts";
import { textsOf } from "#text/texts.ts";
import { findTicket } from "#tickets/store.ts";
import { findSteps } from "#tickets/store-history.ts";
import { agentsSaid } from "#tickets/thread-views.ts";
import { changeTopic } from "#tickets/topic.ts";
import { openTestDoor, type TestDoor, type Who } from "../support/door.ts";
import { type Filed, fileTicket, setTicket } from "../support/tickets.ts";

const AKI: Who = { teamId: "T0KUMO", userId: "U0AKI" };
const API = { id: "api", name: { en: "API and webhooks", ja: "API・Webhook" } };
const BILLING = { id: "billing", name: { en: "Plans and invoices", ja: "プラン・請求" } };

let door: TestDoor;
beforeAll(async () => {
  door = await openTestDoor({ policy: await readPolicy("policy.example.yaml") });
});
afterAll(() => door[Symbol.asyncDispose]());

describe("the topic of a ticket", () => {
  it("is changed by an agent, with from and to in the history, and the desk is told", async () => {
    const ticket = await fileTicket(door.db);

    expect(await submit(ticket, "api")).toBe("closes");
    expect(await submit(ticket, "billing")).toBe("closes");

    const now = await findTicket(door.db, ticket);
    expect([now.topic, now.topic_name]).toEqual(["billing", "プラン・請求"]); // in the ticket's language
    expect(await said(ticket)).toEqual([
      "*U0AKI* さんが種類を「API・Webhook」から「プラン・請求」に変えました",
      "*U0AKI* さんが種類を「API・Webhook」にしました",
    ]);
    expect(await jobsOf(ticket, "ticket.tell-desk")).toHaveLength(2);
    expect(await jobsOf(ticket, "ticket.tell-agents")).toHaveLength(2);
    expect(await jobsOf(ticket, "ticket.tell-customer")).toEqual([]); // their card shows it
  });

  it.each([
    ["is none of the policy's", "nonsense", "Choose one."],
    ["is missing", "", "Choose one."],
    ["is never filed", "badges", "Another team handles this topic, and it has no tickets."],
  ])("is not changed to one that %s", async (_what, topic, sentence) => {
    const ticket = await fileTicket(door.db);

    const came = await door.call("submit ticket.topic", AKI, given(ticket, topic));

    expect(came.outcome).toBe("refuses fields");
    expect(came.seen).toContain(sentence);
    expect(await said(ticket)).toEqual([]);
  });

  it("is offered without those that are never filed, the current one chosen", async () => {
    const ticket = await fileTicket(door.db);
    await submit(ticket, "api");

    const { seen } = await door.call("press ticket.more", AKI, {
      value: `topic/${ticket.accountId}/${ticket.ticketId}`,
    });

    const [, input] = JSON.parse(seen).blocks;
    const values = input.element.options.map(({ value }: { value: string }) => value);
    expect(values).toEqual(["sign-in", "api", "billing", "other"]);
    expect(input.element.initial_option.value).toBe("api");
  });

  it.each([
    ["solved", "already-solved"],
    ["closed", "already-closed"],
  ] as const)("stays as it was once the ticket is %s", async (status, code) => {
    const ticket = await fileTicket(door.db);
    await setTicket(door.db, ticket, { status });

    expect(await submit(ticket, "api")).toBe(`refuses ${code}`);
    expect((await findTicket(door.db, ticket)).topic).toBeNull();
  });

  it("that it has already changes nothing", async () => {
    const ticket = await fileTicket(door.db);
    await submit(ticket, "api");
    const { version } = await findTicket(door.db, ticket);

    expect(await submit(ticket, "api")).toBe("closes");

    expect(await said(ticket)).toHaveLength(1);
    expect((await findTicket(door.db, ticket)).version).toBe(version);
  });

  it("is what the last of two agents says, with both in the history; each delivery counts once", async () => {
    const ticket = await fileTicket(door.db);
    const change = (topic: typeof API, key: string) =>
      changeTopic(door.db, ticket, {
        topic,
        by: { kind: "agent", userId: "U0BEN", name: "Ben" },
        delivery: { source: "slack.view", key: `${ticket.ticketId}/${key}` },
      });

    await Promise.all([change(API, "a"), change(BILLING, "b"), change(API, "a")]);

    const [last, first] = await said(ticket);
    expect(await said(ticket)).toHaveLength(2);
    const { topic_name } = await findTicket(door.db, ticket);
    expect(last).toContain(`から「${topic_name}」に`);
    expect(first).toContain("にしました");
  });
});

async function submit(ticket: Filed, topic: string): Promise<string> {
  return (await door.call("submit ticket.topic", AKI, given(ticket, topic))).outcome;
}

function given({ accountId, ticketId }: Filed, topic: string) {
  return { metadata: `${accountId}/${ticketId}`, values: { topic } };
}

/** What the history says of topics, the newest first. */
async function said(ticket: Filed): Promise<string[]> {
  const now = await findTicket(door.db, ticket);
  const steps = await findSteps(door.db, ticket, 10);
  return steps
    .filter(({ history }) => history.event === "topic")
    .map((step) => agentsSaid(textsOf("ja"), now, step).line);
}

async function jobsOf({ ticketId }: Filed, name: string) {
  const jobs = await door.db.selectFrom("job").select(["name", "payload"]).execute();
  return jobs.filter((job) => job.name === name && job.payload.ticketId === ticketId);
}

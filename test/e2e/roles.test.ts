import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import type { Status } from "#db/tables.ts";
import { ON_HOME } from "#home/views.ts";
import { mergeTickets } from "#tickets/merge.ts";
import { takeStep } from "#tickets/step.ts";
import { offerWorkaround } from "#tickets/workaround.ts";
import { AGENTS, EXT_BETA, HELP } from "../support/app.ts";
import { type Given, openTestDoor, type TestDoor, type Who } from "../support/door.ts";
import { DRAFT, type Filed, fileTicket, setTicket } from "../support/tickets.ts";

const ROLES = {
  agent: { teamId: "T0KUMO", userId: "U0AKI" },
  "ex-agent": { teamId: "T0KUMO", userId: "U0BEN" },
  "vendor admin": { teamId: "T0KUMO", userId: "U0EVA" },
  requester: { teamId: "T0ACME", userId: "U0HANA" },
  "other member": { teamId: "T0ACME", userId: "U0TOM" },
  "customer admin": { teamId: "T0ACME", userId: "U0DANA" },
  guest: { teamId: "T0ACME", userId: "U0GUS" },
  stranger: { teamId: "T0KUMO", userId: "U0SOL" },
  bot: { teamId: "T0ACME", userId: "U0DLACME" },
  "agent's id in another workspace": { teamId: "T0ACME", userId: "U0AKI" },
  "requester's id in another workspace": { teamId: "T0KUMO", userId: "U0HANA" },
} satisfies Record<string, Who>;
type Role = keyof typeof ROLES;

type Row = {
  /** Who may, and what comes of it. */
  may: "everybody" | Role[];
  comesTo: string;
  /** What the others come to. */
  otherwise?: string;
  /** What ids come to that belong to another workspace. */
  unseen?: string;
  given?(ticket: Filed, role: Role): Given | Promise<Given>;
  from?: Status;
};

const WRITTEN = "What Aki is about to say.";
const value = ({ accountId, ticketId }: Filed) => `${accountId}/${ticketId}`;
const pressed = (ticket: Filed): Given => ({ value: value(ticket), channelId: AGENTS });
const sent = (ticket: Filed): Given => ({ metadata: value(ticket), values: { body: "Text" } });
const agents = { may: ["agent"], otherwise: "refuses not-an-agent" } satisfies Partial<Row>;
const requester = {
  may: ["requester"],
  otherwise: "refuses not-the-requester",
} satisfies Partial<Row>;
const either = {
  may: ["agent", "requester"],
  otherwise: "refuses not-the-requester",
} satisfies Partial<Row>;
/** Whom the app has asked, in the customer's workspace. */
const contact = {
  may: ["other member"],
  otherwise: "refuses not-the-contact",
} satisfies Partial<Row>;
/** Slack shows the tab to those whose workspace has the app, and knows no others there. */
const membersOfApp = {
  may: [
    ...(["agent", "ex-agent", "vendor admin", "requester", "other member"] as const),
    ...(["customer admin", "guest", "bot"] as const),
  ],
  otherwise: "refuses user_not_found",
} satisfies Partial<Row>;
const first = { given: () => ({ value: JSON.stringify({ words: [], statuses: [] }) }) };

const ROWS: Record<string, Row> = {
  "command /ticket": { may: "everybody", comesTo: "opens" },
  "command /support": { may: "everybody", comesTo: "answers" },
  "command /tickets": { may: "everybody", comesTo: "answers" },
  "command /support-access": {
    may: ["customer admin"],
    comesTo: "answers",
    otherwise: "refuses not-an-admin",
    unseen: "refuses roles-unknown", // Slack does not know them there
    given: () => ({ text: "grant 30d" }),
  },
  "shortcut ticket.open-new": { may: "everybody", comesTo: "opens" },
  "shortcut ticket.open-from-message": {
    may: "everybody",
    comesTo: "opens",
    given: () => ({
      message: { ts: "1800000000.000100", threadTs: "1800000000.000100", text: "Hi" },
    }),
  },
  "press ticket.open-new": { may: "everybody", comesTo: "opens" },
  "press ticket.open-from-message": { may: "everybody", comesTo: "opens" },
  "press ticket.take": { ...agents, comesTo: "does", given: pressed },
  "press ticket.reply": { ...agents, comesTo: "opens", given: pressed },
  "press ticket.ask": { ...agents, comesTo: "opens", given: pressed },
  "press ticket.solve": { ...agents, comesTo: "does", given: pressed },
  "press ticket.reopen": { ...agents, comesTo: "does", given: pressed, from: "solved" },
  "press ticket.inform": { ...requester, comesTo: "opens", given: pressed },
  "press ticket.show-card": { ...agents, comesTo: "answers", given: pressed },
  "press ticket.offer": { ...agents, comesTo: "opens", given: pressed },
  "press ticket.accept": { ...requester, comesTo: "does", given: offered },
  "press ticket.dispute": { ...requester, comesTo: "opens", given: offered },
  "press ticket.facts": { ...either, comesTo: "opens", given: pressed },
  "press ticket.more": {
    ...agents,
    comesTo: "opens",
    given: (ticket) => ({ value: `assign/${value(ticket)}`, channelId: AGENTS }),
  },
  "press ticket.close": { ...requester, comesTo: "does", given: pressed, from: "solved" },
  "press ticket.not-fixed": { ...requester, comesTo: "opens", given: pressed, from: "solved" },
  "press ticket.rate-good": { ...requester, comesTo: "answers", given: pressed, from: "closed" },
  "press ticket.rate-bad": { ...requester, comesTo: "answers", given: pressed, from: "closed" },
  "press ticket.rate-words": { ...requester, comesTo: "opens", given: rated, from: "closed" },
  "press ticket.read-whole": { ...agents, comesTo: "opens", given: told },
  "press ticket.try-again": { ...either, comesTo: "answers", given: pressed },
  "press contact.here": { ...contact, comesTo: "answers", given: asked },
  "press contact.unavailable": { ...contact, comesTo: "answers", given: asked },
  "press contact.hold": { ...agents, comesTo: "does", given: falling },
  "press tickets.mine": { may: "everybody", comesTo: "answers" },
  "press access.show": { may: "everybody", comesTo: "answers" },
  "press home.help": { may: "everybody", comesTo: "answers" },
  ...Object.fromEntries(
    Object.values(ON_HOME).map((id) => [
      `press ${id}`,
      { ...membersOfApp, comesTo: "does", ...first } satisfies Row,
    ]),
  ),
  "press tickets.next": { may: "everybody", comesTo: "answers", ...first },
  "press tickets.first": { may: "everybody", comesTo: "answers", ...first },
  "press tickets.only-open": { may: "everybody", comesTo: "answers", ...first },
  "press tickets.only-solved": { may: "everybody", comesTo: "answers", ...first },
  "press tickets.any-status": { may: "everybody", comesTo: "answers", ...first },
  "press tickets.copy-link": { may: "everybody", comesTo: "answers", ...first },
  "change ticket.new-changed": { may: "everybody", comesTo: "redraws" },
  "change article.helpful": { may: "everybody", comesTo: "redraws" },
  "change article.not-helpful": { may: "everybody", comesTo: "redraws" },
  "change ticket.facts-changed": { may: "everybody", comesTo: "redraws", given: corrected },
  // In place of the form, a sentence says who may; nothing is changed.
  "change ticket.choose-canned": { may: "everybody", comesTo: "redraws", given: chosen },
  "change ticket.edit-comment": { may: "everybody", comesTo: "redraws", given: writtenAt },
  "change ticket.remove-files": { may: "everybody", comesTo: "redraws", given: writtenAt },
  "change ticket.undo-comment": { may: "everybody", comesTo: "redraws", given: writtenAt },
  "change ticket.send-now": { may: "everybody", comesTo: "redraws", given: writtenAt },
  "change ticket.self-service-changed": { may: "everybody", comesTo: "redraws" },
  "submit ticket.new": {
    may: "everybody",
    comesTo: "shows",
    given: () => ({ values: DRAFT }),
  },
  "submit ticket.reply": { ...agents, comesTo: "shows", given: sent },
  "submit ticket.ask": { ...agents, comesTo: "shows", given: sent },
  "submit ticket.send-comment": { ...agents, comesTo: "shows", given: written },
  "submit ticket.offer": {
    ...agents,
    comesTo: "shows",
    given: (ticket) => ({ metadata: value(ticket), values: { body: "Text", helps: "yes" } }),
  },
  "submit ticket.dispute": { ...requester, comesTo: "closes", given: disputed },
  "submit ticket.facts": { ...either, comesTo: "closes", given: corrected },
  "submit ticket.assign": {
    ...agents,
    comesTo: "closes",
    given: (ticket) => ({ metadata: value(ticket), values: { assignee: "U0AKI" } }),
  },
  "submit ticket.link": {
    ...agents,
    comesTo: "closes",
    given: async (ticket) => {
      const { number } = await fileTicket(door.db, { channelId: HELP });
      return { metadata: value(ticket), values: { number } };
    },
  },
  "submit ticket.follow-up": {
    ...agents,
    comesTo: "shows",
    given: (ticket) => ({
      metadata: value(ticket),
      values: { subject: "Once more", description: "It came back." },
    }),
    from: "closed",
  },
  // The policy of this test has no topics.
  "submit ticket.topic": {
    ...agents,
    comesTo: "refuses fields",
    given: (ticket) => ({ metadata: value(ticket), values: { topic: "api" } }),
  },
  "submit ticket.merge": { ...agents, comesTo: "closes", given: duplicate },
  "submit ticket.rate-words": { ...requester, comesTo: "closes", given: rated, from: "closed" },
  "submit ticket.inform": { ...requester, comesTo: "closes", given: sent },
};

/** A command's further words, each with rights of its own. */
const WORDS: Record<string, Row> = {
  "press ticket.more history": {
    ...agents,
    comesTo: "opens",
    given: (ticket) => ({ value: `history/${value(ticket)}`, channelId: AGENTS }),
  },
  "press ticket.more link": {
    ...agents,
    comesTo: "opens",
    given: (ticket) => ({ value: `link/${value(ticket)}`, channelId: AGENTS }),
  },
  "press ticket.more follow-up": {
    ...agents,
    comesTo: "opens",
    given: (ticket) => ({ value: `follow-up/${value(ticket)}`, channelId: AGENTS }),
    from: "closed",
  },
  "press ticket.more topic": {
    ...agents,
    comesTo: "refuses no-topics",
    given: (ticket) => ({ value: `topic/${value(ticket)}`, channelId: AGENTS }),
  },
  "press ticket.more merge": {
    ...agents,
    comesTo: "opens",
    given: (ticket) => ({ value: `merge/${value(ticket)}`, channelId: AGENTS }),
  },
  "press ticket.more unmerge": { ...agents, comesTo: "does", given: merged },
  "command /support button": {
    may: ["agent", "customer admin"],
    comesTo: "answers",
    otherwise: "refuses not-agent-nor-admin",
    unseen: "refuses roles-unknown",
    given: (_ticket, role) => ({
      text: "button",
      channelId: role === "agent" ? EXT_BETA : HELP, // where the app is, as they hear it
    }),
  },
};

// Nobody asks for anything with these.
const EVENTS = [
  "event message",
  "event app_mention",
  "event reaction_added",
  "event function_executed",
  "event member_joined_channel",
  "event app_home_opened",
  "event app_uninstalled",
  "event tokens_revoked",
];

let door: TestDoor;
beforeAll(async () => {
  door = await openTestDoor();
  const { memberIds } = door.simulator.world.channel(AGENTS);
  door.simulator.world.changeChannel(AGENTS, {
    memberIds: memberIds.filter((id) => id !== "U0BEN"),
  });
});
afterAll(() => door[Symbol.asyncDispose]());

describe("the role matrix", () => {
  it("has a row for every handler there is", async () => {
    const app = await readFile("src/app.ts", "utf8");
    const support = await readFile("test/support/door.ts", "utf8");
    const registrations = (code: string) =>
      code.match(/^\s*register\w+(?=\(door)/gm)?.map((each) => each.trim());

    expect(registrations(support)).toEqual(registrations(app));
    expect([...Object.keys(ROWS), ...EVENTS].sort()).toEqual(door.names.toSorted());
  });

  const cells = Object.entries({ ...ROWS, ...WORDS }).flatMap(([handler, row]) =>
    (Object.keys(ROLES) as Role[]).map((role) => {
      const may = row.may === "everybody" || row.may.includes(role);
      const refused = (role.includes("another workspace") && row.unseen) || row.otherwise;
      return { handler, role, row, outcome: (may ? row.comesTo : refused) ?? "" };
    }),
  );

  it.each(cells)("$handler by $role: $outcome", async ({ handler, role, row, outcome }) => {
    const ticket = await fileTicket(door.db, { channelId: HELP });
    if (row.from) await setTicket(door.db, ticket, { status: row.from });
    const given = { channelId: HELP, ...(await row.given?.(ticket, role)) };
    const before = await standing(ticket);

    const called = handler in WORDS ? handler.replace(/ [\w-]+$/, "") : handler;
    const came = await door.call(called, ROLES[role], given);

    expect(came.outcome).toBe(outcome);
    if (outcome.startsWith("refuses")) {
      expect(came.seen).toMatch(/\w/);
      expect(await standing(ticket)).toEqual(before);
    }
  });
});

describe("a role that ends", () => {
  it("between opening a form and sending it, is refused when it is sent", async () => {
    const ticket = await fileTicket(door.db);
    const { world } = door.simulator;
    const { memberIds } = world.channel(AGENTS);
    world.changeChannel(AGENTS, { memberIds: [...memberIds, "U0BEN"] });

    const opened = await door.call("press ticket.reply", ROLES["ex-agent"], pressed(ticket));
    world.changeChannel(AGENTS, { memberIds });
    const closed = await door.call("submit ticket.reply", ROLES["ex-agent"], sent(ticket));

    expect(opened.outcome).toBe("opens");
    expect(closed.outcome).toBe("refuses not-an-agent");
    expect(await standing(ticket)).toMatchObject({ events: ["filed"] });
  });

  it("is denied while Slack does not say who is in the channel", async () => {
    const ticket = await fileTicket(door.db);
    const fault = door.simulator.faults.add({ kind: "500", method: "conversations.members" });

    const came = await door.call("press ticket.solve", ROLES.agent, pressed(ticket));
    door.simulator.faults.end(fault);

    expect(came).toEqual({
      outcome: "refuses roles-unknown",
      seen: "Slack could not say just now what you may do here. Wait a moment and try again.",
    });
    expect(await standing(ticket)).toMatchObject({ events: ["filed"] });
  });
});

it("lets whoever reads a thread read all of what is too long for it", async () => {
  const ticket = await fileTicket(door.db, { channelId: HELP });
  await setTicket(door.db, ticket, { card_channel_id: HELP });
  const given = { ...(await told(ticket)), channelId: HELP };

  const came = await door.call("press ticket.read-whole", ROLES["other member"], given);

  expect(came.outcome).toBe("opens");
});

describe("what an agent is about to say", () => {
  const others = (Object.keys(ROLES) as Role[]).filter((role) => role !== "agent");
  const handlers = ["edit-comment", "undo-comment", "send-now"].map(
    (one) => `change ticket.${one}`,
  );
  const cells = handlers.flatMap((handler) => others.map((role) => ({ handler, role })));

  it.each(cells)("is nothing to $role: $handler", async ({ handler, role }) => {
    const ticket = await fileTicket(door.db, { channelId: HELP });
    const given = await writtenAt(ticket);
    const before = await outgoingOf(ticket);

    const came = await door.call(handler, ROLES[role], given);

    expect(came.seen).not.toContain(WRITTEN);
    expect(came.seen).toContain("support agents");
    expect(await outgoingOf(ticket)).toEqual(before);
  });

  it("is its author's alone, also among agents", async () => {
    const ticket = await fileTicket(door.db, { channelId: HELP });
    const given = await writtenAt(ticket);
    const { world } = door.simulator;
    const { memberIds } = world.channel(AGENTS);
    world.changeChannel(AGENTS, { memberIds: [...memberIds, "U0BEN"] });

    const came = await door.call("change ticket.undo-comment", ROLES["ex-agent"], given);
    world.changeChannel(AGENTS, { memberIds });

    expect(came.seen).not.toContain(WRITTEN);
    expect(await outgoingOf(ticket)).toMatchObject([{ state: "waiting" }]);
    const own = await door.call("change ticket.undo-comment", ROLES.agent, given);
    expect(own.seen).toContain(WRITTEN);
    expect(await outgoingOf(ticket)).toMatchObject([{ state: "draft" }]);
  });
});

async function outgoingOf({ ticketId }: Filed) {
  const rows = door.db.selectFrom("outgoing_comment").select(["state", "sends_at", "body"]);
  return rows.where("ticket_id", "=", ticketId).execute();
}

async function standing(ticket: Filed) {
  const { status, assignee_user_id } = await door.db
    .selectFrom("ticket")
    .select(["status", "assignee_user_id"])
    .where("id", "=", ticket.ticketId)
    .executeTakeFirstOrThrow();
  const history = await door.db
    .selectFrom("ticket_history")
    .select("event")
    .where("ticket_id", "=", ticket.ticketId)
    .execute();
  return { status, assignee_user_id, events: history.map(({ event }) => event) };
}

/** Tom was asked to be the contact of an urgent ticket. */
async function asked(ticket: Filed): Promise<Given> {
  const { id } = await door.db
    .insertInto("contact_ask")
    .values({
      account_id: ticket.accountId,
      ticket_id: ticket.ticketId,
      round: 1,
      team_id: "T0ACME",
      user_id: "U0TOM",
      name: "Tom",
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await setTicket(door.db, ticket, { contact_state: "asking" });
  return { value: `${value(ticket)}/${id}`, channelId: HELP };
}

/** What the ticket's history says of it, pressed where its thread is not. */
async function told(ticket: Filed): Promise<Given> {
  const { id } = await door.db
    .selectFrom("ticket_history")
    .select("id")
    .where("ticket_id", "=", ticket.ticketId)
    .executeTakeFirstOrThrow();
  return { value: `${value(ticket)}/${id}`, channelId: AGENTS };
}

async function falling(ticket: Filed): Promise<Given> {
  await setTicket(door.db, ticket, { contact_state: "falling" });
  return pressed(ticket);
}

/** An agent has offered a workaround. */
async function offered(ticket: Filed): Promise<Given> {
  await takeStep(door.db, ticket, {
    step: "offer",
    by: { kind: "agent", userId: "U0AKI", name: "Aki" },
    body: "Use the other page.",
    delivery: { source: "slack.view", key: randomUUID() },
    also: offerWorkaround("yes"),
  });
  const { id } = await door.db
    .selectFrom("workaround_offer")
    .select("id")
    .where("ticket_id", "=", ticket.ticketId)
    .executeTakeFirstOrThrow();
  return { value: `${value(ticket)}/${id}`, channelId: HELP };
}

async function disputed(ticket: Filed): Promise<Given> {
  const { value: metadata = "" } = await offered(ticket);
  return { metadata, values: { body: "Text" } };
}

/** What the agent wrote, and has looked at. */
async function written(ticket: Filed): Promise<Given> {
  return {
    metadata: `${value(ticket)}/${await write(ticket, { state: "draft", sends_at: null })}`,
  };
}

/** What the agent has let go a moment ago. */
async function writtenAt(ticket: Filed): Promise<Given> {
  const waiting = { state: "waiting", sends_at: new Date(Date.now() + 60_000) } as const;
  return { value: `${value(ticket)}/${await write(ticket, waiting)}` };
}

async function write(
  { accountId, ticketId }: Filed,
  state: { state: "draft" | "waiting"; sends_at: Date | null },
): Promise<string> {
  const { id } = await door.db
    .insertInto("outgoing_comment")
    .values({
      ...{ account_id: accountId, ticket_id: ticketId, team_id: "T0KUMO", view_id: randomUUID() },
      ...{ step: "reply", helps: null, body: WRITTEN, ...state },
      ...{ author_user_id: "U0AKI", author_name: "Aki" },
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Hana has filed the same twice. */
async function duplicate(ticket: Filed): Promise<Given> {
  const { number } = await fileTicket(door.db, { channelId: HELP });
  return { metadata: value(ticket), values: { number } };
}

async function merged(ticket: Filed): Promise<Given> {
  const into = await fileTicket(door.db, { channelId: HELP });
  await mergeTickets(
    door.db,
    { from: ticket, into, links: { from: undefined, into: undefined } },
    {
      by: { kind: "agent", userId: "U0AKI", name: "Aki" },
      policy: NO_POLICY,
      delivery: { source: "slack.view", key: randomUUID() },
    },
  );
  return { value: `unmerge/${value(ticket)}`, channelId: AGENTS };
}

function chosen(ticket: Filed): Given {
  return { value: "logs", metadata: `${value(ticket)}/reply`, values: { body: "Text" } };
}

function rated(ticket: Filed): Given {
  const about = `${value(ticket)}/good`;
  return { value: about, metadata: about, channelId: HELP, values: { words: "Quick." } };
}

function corrected(ticket: Filed): Given {
  const { what, who, workaround, priority } = DRAFT;
  return { metadata: value(ticket), values: { what, who, workaround, priority } };
}

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { applyDeskDelivery } from "#tickets/from-desk.ts";
import { findAssignees, releaseTickets } from "#tickets/store-departed.ts";
import { AGENTS, EXT_BETA, HELP, startTestApp } from "../support/app.ts";
import { type Given, openTestDoor, type TestDoor, type Who } from "../support/door.ts";
import { recordSql } from "../support/sql-log.ts";
import { walk } from "../support/ticket-walk.ts";
import { DRAFT, type Filed, fileTicket, setTicket } from "../support/tickets.ts";

const HANA: Who = { teamId: "T0ACME", userId: "U0HANA" };
const SOL: Who = { teamId: "T0KUMO", userId: "U0SOL" };
const AKI: Who = { teamId: "T0KUMO", userId: "U0AKI" };
const SECRETS = { acme: "Canary of Acme", beta: "Canary of Beta" };

let door: TestDoor;
let acme: Filed;
let beta: Filed;
beforeAll(async () => {
  door = await openTestDoor();
  acme = await fileTicket(door.db, {
    ...HANA,
    channelId: HELP,
    subject: SECRETS.acme,
    description: SECRETS.acme,
  });
  beta = await fileTicket(door.db, {
    ...SOL,
    channelId: EXT_BETA,
    subject: SECRETS.beta,
    description: SECRETS.beta,
  });
  await setTicket(door.db, acme, { card_channel_id: HELP, card_ts: "1000.0001" });
  await setTicket(door.db, beta, { card_channel_id: EXT_BETA, card_ts: "2000.0001" });
});
afterAll(() => door[Symbol.asyncDispose]());

const ABOUT_A_TICKET = ["take", "reply", "ask", "solve", "reopen", "inform", "show-card"];
const PRESSES = ABOUT_A_TICKET.map((step) => `press ticket.${step}`);
const SUBMITS = ["reply", "ask", "inform"].map((step) => `submit ticket.${step}`);

/** Values that name the other's ticket, or almost. */
function forgeries(own: Filed, other: Filed): string[] {
  return [
    `${other.accountId}/${other.ticketId}`,
    `${own.accountId}/${other.ticketId}`,
    `${own.accountId}/${other.ticketId.toUpperCase()}`,
    `${other.accountId}/${own.ticketId}`,
    `${own.accountId}/${own.ticketId}/${other.ticketId}`,
    `${own.accountId}' or '1'='1/${other.ticketId}`,
    `%/${other.ticketId}`,
    `/${other.ticketId}`,
    other.ticketId,
    other.number,
    "",
    "null",
  ].filter((value) => !value.startsWith(`${own.accountId}/${own.ticketId}`));
}

describe("the other account's ticket", () => {
  it("is named by both accounts in turn", () => {
    expect([acme.accountId, beta.accountId]).toEqual(["acme", "beta"]);
  });

  it.each([...PRESSES, ...SUBMITS])("is neither shown nor changed by %s", async (handler) => {
    for (const [who, own, other] of [
      [HANA, acme, beta],
      [SOL, beta, acme],
    ] as const) {
      const before = await everythingOf(other);
      for (const forged of forgeries(own, other)) {
        const given = {
          value: forged,
          metadata: forged,
          values: { body: "mine" },
          channelId: HELP,
        };

        const came = await door.call(handler, who, given);

        expect(came.outcome).toMatch(/^refuses (ticket-not-found|not-the-requester|not-an-agent)$/);
        expect(came.seen).not.toContain(other === acme ? SECRETS.acme : SECRETS.beta);
      }
      expect(await everythingOf(other)).toEqual(before);
    }
  });

  it.each([...PRESSES, ...SUBMITS])(
    "needs its own account's name, for an agent too: %s",
    async (handler) => {
      if (handler.endsWith("inform")) return expect(handler).toMatch(/inform/); // not an agent's
      const before = [await everythingOf(acme), await everythingOf(beta)];
      for (const forged of [
        `beta/${acme.ticketId}`,
        `acme/${beta.ticketId}`,
        `home/${acme.ticketId}`,
      ]) {
        const given = { value: forged, metadata: forged, values: { body: "mine" } };

        expect((await door.call(handler, AKI, given)).outcome).toBe("refuses ticket-not-found");
      }
      expect([await everythingOf(acme), await everythingOf(beta)]).toEqual(before);
    },
  );

  const LATER = { at: "9".repeat(16), id: "ffffffff-ffff-4fff-8fff-ffffffffffff" };
  const lists: [string, (number: number) => Given][] = [
    ["command /tickets", () => ({ text: "Canary" })],
    ["command /tickets", (number) => ({ text: `DL-${number}` })],
    [
      "press tickets.next",
      () => ({ value: JSON.stringify({ words: [], statuses: [], after: LATER }) }),
    ],
    [
      "press tickets.first",
      () => ({ value: JSON.stringify({ words: ["Canary"], statuses: ["new"] }) }),
    ],
    [
      "press tickets.next",
      () => ({
        value: JSON.stringify({ words: [], statuses: [], accountId: "beta", userId: "U0SOL" }),
      }),
    ],
    ["press tickets.copy-link", () => ({ value: JSON.stringify({ words: [], statuses: [] }) })],
  ];
  it.each(lists)("is on no list: %s", async (handler, given) => {
    const other: Who = { teamId: "T0ACME", userId: "U0TOM" };
    for (const channelId of [HELP, EXT_BETA, ""])
      for (const who of [other, { teamId: "T0KUMO", userId: "U0HANA" }]) {
        const came = await door.call(handler, who, { channelId, ...given(numberOf(beta)) });

        expect(came.outcome).toBe("answers");
        expect(came.seen).not.toContain(SECRETS.beta);
      }
    const own = await door.call("command /tickets", HANA, { channelId: HELP, text: "Canary" });
    expect(own.seen).toContain(SECRETS.acme); // it would be seen
    expect(own.seen).not.toContain(beta.number);
  });

  it.each([
    "{}",
    "[]",
    "null",
    "garbage",
    '{"words":"x"}',
    '{"words":[],"page":-1}',
    '{"words":[],"after":{"at":"1; drop","id":"x"}}',
  ])("is not shown by a list's button with the value %s", async (value) => {
    await expect(
      door.call("press tickets.next", HANA, { channelId: HELP, value }),
    ).rejects.toThrow();
  });

  it("gets no words from another place's thread", async () => {
    const before = [await everythingOf(acme), await everythingOf(beta)];
    const event = { type: "message", text: "mine", user: "U0HANA", ts: "3000.0001" };

    for (const [who, channel, thread_ts] of [
      [HANA, EXT_BETA, "2000.0001"],
      [HANA, HELP, "2000.0001"],
      [SOL, HELP, "1000.0001"],
      [SOL, EXT_BETA, "1000.0001"],
    ] as const)
      await door.call("event message", who, { event: { ...event, channel, thread_ts } });

    expect([await everythingOf(acme), await everythingOf(beta)]).toEqual(before);
  });

  it("keeps its account when the form names the other's channel", async () => {
    const shown = await door.call("submit ticket.new", HANA, { metadata: EXT_BETA, values: DRAFT });

    const number = Number(/DL-(\d+)/.exec(shown.seen)?.[1]);
    const row = await door.db
      .selectFrom("ticket")
      .select("account_id")
      .where("number", "=", number)
      .executeTakeFirst();
    expect(row).toEqual({ account_id: "acme" });
  });
});

// The tables whose rows belong to one account. Those that say which account a place belongs to are not among them.
const CUSTOMER =
  /\b(from|join|into|update) "?(ticket|ticket_history|ticket_link|ticket_text|attachment|comment|support_grant|account_history|account_admin|desk_ticket|desk_change)"?(?= |$|\()/g;
/** By the desk's word: from there on the account is named again. */
const EXCEPTIONS = [
  /^select "account_id" as "accountId", "id" as "ticketId" from "ticket" where "id" = \$1$/,
  // Agents see all accounts.
  /from ticket where \(true\)\s+order by/,
  // Whose thread it is says whose ticket: both are joined by the account.
  /from ticket_thread thread\s+join ticket on ticket.account_id = thread.account_id/,
  // How long tickets waited: two numbers, of all accounts with the same plan.
  /^\s*select count\(\*\)::int as count, coalesce\(percentile_disc/,
  /^select "ticket"."id", .* where "ticket"."id" in \(\$1(, \$\d+)*\)$/,
  // An agent who left owned tickets of any account.
  /^\s*select distinct assignee_user_id as "userId" from ticket/,
];

describe("every query on customers' rows", () => {
  it("names the account", async () => {
    using sql = recordSql();
    await useEverything();

    const about = [...sql.statements].filter((text) => text.match(CUSTOMER));
    const nameless = about.filter((text) => !namesAccount(text));

    expect(nameless.filter((text) => !EXCEPTIONS.some((each) => each.test(text)))).toEqual([]);
    for (const exception of EXCEPTIONS)
      expect(nameless.some((text) => exception.test(text))).toBe(true);
    const tables = about.flatMap((text) =>
      [...text.matchAll(CUSTOMER)].map(([, , table]) => table),
    );
    expect([...new Set(tables)].sort()).toEqual([
      ...["account_admin", "account_history", "attachment", "comment", "desk_change"],
      "desk_ticket",
      ...["support_grant", "ticket", "ticket_history", "ticket_link", "ticket_text"],
    ]);
  }, 40_000);

  it("would be found out", () => {
    for (const text of [
      'select * from "ticket" where "id" = $1',
      'select "account_id" from "comment" where "ticket_id" = $1',
      'update "ticket" set "account_id" = $1 where "id" = $2',
      'insert into "comment" ("ticket_id", "body") values ($1, $2)',
      "select count(*) from support_grant where ended_at is null",
    ])
      expect([text, namesAccount(text)]).toEqual([text, false]);
  });
});

/** As a filter, or as a column of what is written. */
function namesAccount(text: string): boolean {
  const filters = text
    .split(/\bwhere\b/i)
    .slice(1)
    .join(" ");
  if (/"?account_id"? = (\$\d+|"?excluded"?)/.test(filters)) return true;
  const inserts = [...text.matchAll(/into "?(\w+)"? \(([^)]*)\)/g)].filter(([into]) =>
    into.match(CUSTOMER),
  );
  return inserts.length > 0 && inserts.every(([, , columns]) => columns?.includes("account_id"));
}

/** The main job, the list, support access and the desk's word, as people, agents and the desk use them. */
async function useEverything(): Promise<void> {
  await using app = await startTestApp({ mode: "http", paced: false });
  const w = walk(app);
  const [hana, aki, dana] = [w.as("U0HANA"), w.as("U0AKI"), w.as("U0DANA")];
  const { number, card, triage } = await w.filed();
  const again = await w.filed("同じお問い合わせ");
  const merging = await aki.pressForModal(again.triage, "統合する…");
  await aki.submit(merging, { number });
  await w.shows(aki, again.triage, "統合しました");
  await hana.send(HELP, "In the merged thread", again.card.ts);
  await w.inThread(aki, triage, "In the merged thread");
  await aki.press(again.triage, "統合を取り消す");
  await w.shows(aki, again.triage, "担当する");
  await aki.press(triage, "ticket.take");
  for (const step of ["ticket.ask", "ticket.reply"]) {
    const form = await aki.pressForModal(triage, step);
    await sayToCustomer(aki, form, { body: `Words of ${step}` });
    await w.inThread(hana, card, `Words of ${step}`);
  }
  const names = ["a.log", "a.exe"];
  const files = names.map((name) => hana.chooseFile({ name, bytes: Buffer.from("503") }));
  await hana.send(HELP, "In the thread", card.ts, files);
  await w.inThread(aki, triage, "In the thread");
  await w.inThread(aki, triage, "a.log");
  await w.inThread(hana, card, "a.exe");
  await aki.press(triage, "ticket.solve");
  await w.shows(hana, card, "解決");
  await w.told(hana, HELP, () => hana.command(HELP, "/tickets", "status:solved ログイン"));
  await w.told(aki, AGENTS, () => aki.command(AGENTS, "/tickets"));
  await aki.send(AGENTS, "A note", triage.ts);
  const second = await w.filed("Another");
  const link = (values: Record<string, string>) =>
    aki.pressForModal(second.triage, "関連付ける…").then((form) => aki.submit(form, values));
  await link({ number });
  await w.shows(aki, second.triage, number);
  await findAssignees(app.db);
  await app.db.transaction().execute((tx) => releaseTickets(tx, "U0NOBODY"));
  for (const words of ["", "grant 30d", "reset 20d", "off"])
    await w.told(dana, HELP, () => dana.command(HELP, "/support-access", words));
  const row = await app.db
    .selectFrom("ticket")
    .select("id")
    .where("account_id", "=", "acme")
    .where("number", "=", Number(number.slice(3)))
    .executeTakeFirstOrThrow();
  await link({ unlink: row.id });
  await applyDeskDelivery(app.db, {
    deliveryId: randomUUID(),
    kind: "reopened",
    ticketId: row.id,
    author: "Desk",
  });
  await w.shows(aki, triage, "解決にする");
  app.simulator.world.deleteMessage(HELP, card.ts);
  await aki.press(triage, "ticket.solve");
  await w.until(() =>
    hana.messages(HELP).find((each) => each.text.includes(number) && each.ts !== card.ts),
  );
}

function numberOf(ticket: Filed): number {
  return Number(ticket.number.slice("DL-".length));
}

async function everythingOf({ ticketId }: Filed) {
  const rows = (table: "ticket_history" | "comment") =>
    door.db.selectFrom(table).selectAll().where("ticket_id", "=", ticketId).execute();
  const jobs = await door.db.selectFrom("job").select(["name", "payload"]).execute();
  return {
    ticket: await door.db.selectFrom("ticket").selectAll().where("id", "=", ticketId).execute(),
    history: await rows("ticket_history"),
    comments: await rows("comment"),
    jobs: jobs.filter(({ payload }) => payload.ticketId === ticketId),
  };
}

import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Status } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { textsOf } from "#text/texts.ts";
import { fileFollowUp, openFollowUp } from "#tickets/follow-up.ts";
import { filedMail } from "#tickets/mail-views.ts";
import { findTicket, insertFiledTicket, type Ticket, type TicketRef } from "#tickets/store.ts";
import { insertNote } from "#tickets/store-notes.ts";
import { AGENTS, HELP } from "../support/app.ts";
import { openTestDoor, type TestDoor, type Who } from "../support/door.ts";
import { textOf } from "../support/ticket-walk.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { DRAFT, type Filed, fileTicket, setTicket } from "../support/tickets.ts";

const AKI: Who = { teamId: "T0KUMO", userId: "U0AKI" };
const BY = { kind: "agent", userId: "U0AKI", name: "Aki" } as const;
const TYPED = { subject: "また起きた", description: "電話で聞きました。" };

describe("a follow-up that an agent opens", () => {
  let world: TicketWorker;
  beforeEach(async () => {
    world = await openTicketWorker();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it("of a closed ticket comes in its thread, for the same requester, and says who opened it", async () => {
    const closed = await ended("closed", { priority: "high", why: "全員が困っています" });

    const { number } = await open(world, closed, "one");
    await world.runAll();

    const next = await followOf(world, closed);
    const { requester_user_id, account_id, language, priority, asked_channel_id } = next;
    expect({ requester_user_id, account_id, language, priority, asked_channel_id }).toEqual({
      ...{ requester_user_id: "U0HANA", account_id: "acme", language: "ja" },
      ...{ priority: "normal", asked_channel_id: HELP },
    });
    const card = threadOf("U0HANA", HELP, closed.number).at(-1) ?? "";
    expect(card).toContain(`${number} また起きた`);
    expect(card).toContain(`${closed.number}の続きとして、サポート担当 *Aki* が作成しました。`);
    expect(threadOf("U0AKI", AGENTS, closed.number).at(-1)).toContain(
      `さんが、このお問い合わせの続きとして${number}を作成しました`,
    );
    expect(cardOf("U0AKI", AGENTS, number)).toContain(`${closed.number}の続きとして`);
    expect(threadOf("U0HANA", HELP, closed.number).join()).not.toContain("続きは、そのスレッドで");
  });

  it("of a solved ticket gets a card of its own, and the old thread says which it is", async () => {
    const solved = await ended("solved");

    const { number } = await open(world, solved, "one");
    await world.runAll();

    expect(threadOf("U0HANA", HELP, solved.number).at(-1)).toContain(
      `サポート担当 *Aki* が、このお問い合わせの続きとして${number}を作成しました`,
    );
    expect(threadOf("U0HANA", HELP, number)).toHaveLength(1);
    const again = await findTicket(world.db, solved);
    expect(again.status).toBe("solved");
  });

  it("is opened once, however often it is delivered, and by one of two agents", async () => {
    const closed = await ended("closed");

    const same = await Promise.all(["one", "one", "one"].map((key) => open(world, closed, key)));
    const other = open(world, closed, "two");

    expect(new Set(same.map(({ number }) => number)).size).toBe(1);
    await expect(other).rejects.toMatchObject({
      code: "has-follow-up",
      facts: { number: closed.number, next: same[0]?.number },
    });
  });

  it("and a reply of the customer's at the same time make one ticket that holds the thread", async () => {
    const closed = await ended("closed");
    const ticket = await findTicket(world.db, closed);
    const ts = "1900000000.000100";
    const said = {
      ...({ did: "write", channelId: HELP, threadTs: ticket.card_ts ?? "", ts } as const),
      ...{
        userId: "U0HANA",
        name: "Hana",
        text: "まだです",
        body: "まだです",
        fileIds: [],
        goneFileIds: [],
        parentUserId: undefined,
      },
    };

    const [agent, customer] = await Promise.allSettled([
      open(world, closed, "one"),
      fileFollowUp(world.db, ticket, { teamId: "T0ACME", channelId: HELP, ts }, said),
    ]);

    expect([agent.status, customer.status].sort()).toEqual(["fulfilled", "rejected"]);
    const { rows } = await sql`select from ticket where follows_id = ${closed.ticketId}`.execute(
      world.db,
    );
    expect(rows).toHaveLength(1);
  });

  it("is refused in words where the account has no paid plan any more", async () => {
    const closed = await ended("closed");
    await sql`update account set plan = 'free' where id = 'acme'`.execute(world.db);

    await expect(open(world, closed, "one")).rejects.toMatchObject({ code: "account-not-paid" });
  });

  async function ended(status: Status, draft: Parameters<typeof fileTicket>[1] = {}) {
    const ticket = await fileTicket(world.db, { channelId: HELP, ...draft });
    await world.runAll();
    await setTicket(world.db, ticket, { status });
    return ticket;
  }

  function cardOf(userId: string, channel: string, number: string): string {
    const own = world.simulator.as(userId).messages(channel);
    return textOf(own.find(({ blocks }) => textOf(blocks).includes(`${number} `))?.blocks);
  }

  /** From its card on. */
  function threadOf(userId: string, channel: string, number: string): string[] {
    const own = world.simulator.as(userId);
    const card = own.messages(channel).find(({ blocks }) => textOf(blocks).includes(`${number} `));
    return own.thread(channel, card?.ts ?? "").map(({ blocks }) => textOf(blocks));
  }
});

describe("its form", () => {
  let door: TestDoor;
  beforeAll(async () => {
    door = await openTestDoor();
  });
  afterAll(() => door[Symbol.asyncDispose]());

  it.each(["new", "open", "pending", "on_hold"] as const)(
    "is not for a ticket that is %s",
    async (status) => {
      const ticket = await fileTicket(door.db);
      await setTicket(door.db, ticket, { status });

      expect((await press(ticket)).outcome).toBe("refuses not-ended");
      expect((await submit(ticket)).outcome).toBe("refuses not-ended");
    },
  );

  it("has the subject, asks for the words, and takes none that repeat a note", async () => {
    const ticket = await fileTicket(door.db);
    await setTicket(door.db, ticket, { status: "solved" });
    await insertNote(
      door.db,
      { teamId: "T0KUMO", channelId: AGENTS, ts: "1.1" },
      {
        ref: ticket,
        author: { userId: "U0AKI", name: "Aki" },
        body: "契約を切るつもりらしいです。",
      },
    );

    expect((await press(ticket)).seen).toContain(DRAFT.subject);
    const blank = await submit(ticket, { description: " " });
    expect(blank.seen).toContain("Describe what happens.");
    const repeated = await submit(ticket, { description: "契約を切るつもりらしいです。" });
    expect(repeated.seen).toContain("This repeats an internal note");
    const opened = await submit(ticket);
    expect(opened.outcome).toBe("shows");
    expect(opened.seen).toMatch(/DL-\d+ is opened\. It goes on with DL-\d+\./);
    expect(await press(ticket)).toMatchObject({
      outcome: "refuses has-follow-up",
      seen: expect.stringMatching(/has a follow-up already\. Go on in DL-\d+\./),
    });

    const next = await followOf(door, ticket);
    const url = "https://acme.slack.com/archives/C0HELP/p1?thread_ts=1.1&cid=C0HELP";
    const ref = { accountId: next.account_id, ticketId: next.id };
    await setTicket(door.db, ref, { card_url: url });
    expect((await press(ticket)).seen).toContain(`Go on in <${url}|DL-${next.number}>.`);
  });

  it("of a ticket of the web form mails its requester the address of a new page", async () => {
    const ticket = await fromWeb();

    await openFollowUp(door.db, await findTicket(door.db, ticket), {
      ...TYPED,
      by: BY,
      delivery: { source: "slack.view", key: randomUUID() },
    });

    const next = await followOf(door, ticket);
    expect(next.requester_email).toBe("mika@acme.example");
    expect(next.asked_team_id).toBeNull();
    const jobs = await door.db.selectFrom("job").select(["name", "payload"]).execute();
    const own = jobs.filter(({ payload }) => payload.ticketId === next.id).map(({ name }) => name);
    expect(own.sort()).toEqual(["ticket.file", "ticket.mail-filed"]);
    const mail = filedMail(textsOf("en"), next, "https://x.example");
    expect(mail.text).toMatch(/^Aki \(support\) opened DL-\d+, which goes on with DL-\d+\./);
  });

  function press({ accountId, ticketId }: TicketRef) {
    return door.call("press ticket.more", AKI, { value: `follow-up/${accountId}/${ticketId}` });
  }

  function submit({ accountId, ticketId }: TicketRef, values: Partial<typeof TYPED> = {}) {
    const given = { metadata: `${accountId}/${ticketId}`, values: { ...TYPED, ...values } };
    return door.call("submit ticket.follow-up", AKI, given);
  }

  async function fromWeb(): Promise<TicketRef> {
    const row = { ...DRAFT, language: "en", requester_name: "Mika" } as const;
    const filed = await door.db
      .transaction()
      .execute((tx) =>
        insertFiledTicket(
          tx,
          { ...row, requester_email: "mika@acme.example" },
          { accountId: sql`'acme'`, delivery: { source: "web", key: randomUUID() } },
        ),
      );
    if (!filed) throw new Error("It was not filed.");
    const ref = { accountId: filed.accountId, ticketId: filed.id };
    await setTicket(door.db, ref, { status: "closed" });
    return ref;
  }
});

async function open(
  { db }: Pick<TicketWorker, "db">,
  ticket: Filed,
  key: string,
): Promise<{ number: string }> {
  const delivery = { source: "slack.view", key: `${ticket.ticketId}/${key}` } as const;
  return openFollowUp(db, await findTicket(db, ticket), { ...TYPED, by: BY, delivery });
}

async function followOf({ db }: Pick<TicketWorker, "db">, of: TicketRef): Promise<Ticket> {
  const { id } = await db
    .selectFrom("ticket")
    .select("id")
    .where("follows_id", "=", of.ticketId)
    .executeTakeFirstOrThrow(() => new Problem("ticket-not-found", {}));
  return findTicket(db, { accountId: of.accountId, ticketId: id });
}

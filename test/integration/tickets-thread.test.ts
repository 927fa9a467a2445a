import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RetryLater } from "#errors.ts";
import type { KnownPerson, People, Person } from "#slack/people.ts";
import { findTicket, type TicketRef } from "#tickets/store.ts";
import { forgetCard, saveCard } from "#tickets/store-cards.ts";
import { findAttachments } from "#tickets/store-files.ts";
import { readThreadEvent } from "#tickets/thread-event.ts";
import { takeThreadReply } from "#tickets/thread-reply.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { silentPeople } from "../support/people.ts";
import { fileTicket, seedAccounts, setTicket } from "../support/tickets.ts";

const HELP = "C0ACMEHELP";
const SHARED = "C0EXTBETA";
const BOT = "U0DLACME";
const AGENTS_CHANNEL = { teamId: "T0KUMO", channelId: "C0AGENTS" };

let test: TestDatabase;
let stamps = 1000;
beforeAll(async () => {
  test = await createTestDatabase();
  await seedAccounts(test.db);
});
afterAll(() => test[Symbol.asyncDispose]());

describe("a reply in the ticket's thread", () => {
  it("is information once, however often it is delivered at once", async () => {
    const { ref, thread } = await ticketIn("T0ACME", HELP);
    const event = { ...thread, user: "U0HANA", text: "Still &lt;503&gt; &amp;amp;", ts: stamp() };

    await Promise.all(Array.from({ length: 8 }, () => take("T0ACME", event)));

    expect(await commentsOf(ref)).toEqual([
      {
        kind: "information",
        author_kind: "requester",
        author_name: "Hana",
        body: "Still <503> &amp;",
      },
    ]);
  });

  it.each([
    [
      "<@U0HANA> \u3068 <!here> \u306b\u5171\u6709 <https://x.example/a?b=1&amp;c=2>",
      "@Hana \u3068 @here \u306b\u5171\u6709 https://x.example/a?b=1&c=2",
    ],
    [
      "<!subteam^S1|@on-call> <#C1|help> <https://x.example|our page>",
      "@on-call #help our page (https://x.example)",
    ],
    ["&lt;@U0HANA&gt; &amp;lt;", "<@U0HANA> &lt;"],
    ["<!date^1^{date}| >", "@date^1^{date}"],
    ["<|>", "<|>"],
  ])("stands as a person reads it: %s", async (text, body) => {
    const { ref, thread } = await ticketIn("T0ACME", HELP);
    const ts = stamp();

    await take("T0ACME", { ...thread, user: "U0HANA", text: "At first <@U0AKI>", ts });
    await take("T0ACME", {
      ...{ channel: HELP, subtype: "message_changed" },
      message: { ...thread, user: "U0HANA", text, ts, edited: { ts: stamp() } },
    });
    await take("T0ACME", { ...thread, user: "U0HANA", text, ts: stamp() });

    expect(await commentsOf(ref)).toMatchObject([{ body }, { body }]);
  });

  it("says what it says to a closed ticket in the follow-up, too", async () => {
    const { ref, thread } = await ticketIn("T0ACME", HELP);
    await setTicket(test.db, ref, { status: "closed" });
    const text = "<@U0AKI>, again: <https://x.example/?a=1&amp;b=2>";

    await take("T0ACME", { ...thread, user: "U0HANA", text, ts: stamp() });

    const followUps = await test.db
      .selectFrom("ticket")
      .select("description")
      .where("follows_id", "=", ref.ticketId)
      .execute();
    expect(followUps).toEqual([{ description: "@Aki, again: https://x.example/?a=1&b=2" }]);
  });

  it("asks for the names of those alone whom it mentions, and in no thread of others", async () => {
    const { thread } = await ticketIn("T0ACME", HELP);
    const asked: string[] = [];
    const people: People = {
      ...knownPeople(),
      known: (at) => (at.userId === "U0HANA" ? knownPeople().known(at) : undefined),
      meet: async (at) => {
        asked.push(at.userId);
        return undefined;
      },
    };
    const event = { ...thread, user: "U0HANA" };

    await take("T0ACME", { ...event, text: "a &lt; b", ts: stamp() }, people);
    await take("T0ACME", { ...event, text: "<@U1>", thread_ts: "9.1", ts: stamp() }, people);
    expect(asked).toEqual([]);

    await take("T0ACME", { ...event, text: "<@U0NEW> <@U0HANA> <@U0NEW>", ts: stamp() }, people);
    expect(asked).toEqual(["U0NEW"]);
  });

  it("waits for names no longer than a moment", async () => {
    const { ref, thread } = await ticketIn("T0ACME", HELP);
    const people = { ...silentPeople(), isMember: knownPeople().isMember, meet: () => silence };
    const began = Date.now();

    await take("T0ACME", { ...thread, user: "U0HANA", text: "<@U0NEW>?", ts: stamp() }, people);

    expect(Date.now() - began).toBeLessThan(2500);
    expect(await commentsOf(ref)).toMatchObject([{ body: "@U0NEW?" }]);
  });

  it.each([
    ["shown in the channel too", { subtype: "thread_broadcast" }],
    ["with a file", { subtype: "file_share", files: [{ id: "F1" }] }],
  ])("counts when it is %s", async (_how, more) => {
    const { ref, thread } = await ticketIn("T0ACME", HELP);

    await take("T0ACME", { ...thread, ...more, user: "U0HANA", text: "See here", ts: stamp() });

    expect(await commentsOf(ref)).toMatchObject([{ body: "See here" }]);
  });

  it.each([
    ["an edit", { subtype: "message_changed", message: { text: "new" } }],
    ["a deletion", { subtype: "message_deleted" }],
    ["what an app writes", { bot_id: "B0DLACME" }],
    ["what another app writes in an old way", { subtype: "bot_message" }],
    ["blanks", { text: " \n" }],
    ["text that is none", { text: 7 }],
    ["somebody who joins", { subtype: "channel_join" }],
  ])("does not count %s", async (_what, more) => {
    const { ref, thread } = await ticketIn("T0ACME", HELP);

    await take("T0ACME", { ...thread, user: "U0HANA", text: "x", ts: stamp(), ...more });

    expect(await commentsOf(ref)).toEqual([]);
  });

  it("brings its files, with words or without, each once", async () => {
    const { ref, thread } = await ticketIn("T0ACME", HELP);
    const files = [
      { id: "F1", name: "a.log" },
      { id: "F2", file_access: "check_file_info" },
    ];
    const event = { ...thread, user: "U0HANA", subtype: "file_share", files };

    await take("T0ACME", { ...event, text: "", ts: stamp() });
    await take("T0ACME", { ...event, text: "Again", ts: stamp(), files: [...files, { id: "F3" }] });

    const attachments = await findAttachments(test.db, ref);
    expect(attachments).toMatchObject(
      ["F1", "F2", "F3"].map((file_id) => ({ team_id: "T0ACME", file_id, state: "waiting" })),
    );
    expect(await findTicket(test.db, ref)).toMatchObject({ attachments: 3 });
    expect(await commentsOf(ref)).toMatchObject([{ body: "" }, { body: "Again" }]);
    expect(await jobs("ticket.fetch-file", ref)).toBe(3);
    expect(await jobs("ticket.tell-agents", ref)).toBe(2);
  });

  it.each([[[{ id: "../F1" }]], [[{}]], ["F1"]])(
    "is not taken with what are no files: %j",
    async (files) => {
      const { ref, thread } = await ticketIn("T0ACME", HELP);

      await take("T0ACME", { ...thread, user: "U0HANA", text: "", ts: stamp(), files });

      expect(await findAttachments(test.db, ref)).toEqual([]);
    },
  );

  it("opens a ticket again that was waiting or solved", async () => {
    for (const status of ["pending", "solved"] as const) {
      const { ref, thread } = await ticketIn("T0ACME", HELP);
      await setTicket(test.db, ref, { status });

      await take("T0ACME", { ...thread, user: "U0HANA", text: "Still broken", ts: stamp() });

      expect(await findTicket(test.db, ref)).toMatchObject({ status: "open" });
    }
  });

  it("is an answer of support when an agent writes it", async () => {
    const { ref, thread } = await ticketIn("T0KUMO", SHARED);
    await setTicket(test.db, ref, { status: "pending" });

    await take("T0KUMO", { ...thread, user: "U0AKI", text: "Try again, please.", ts: stamp() });

    expect(await commentsOf(ref)).toMatchObject([
      { kind: "reply", author_kind: "agent", author_name: "Aki", body: "Try again, please." },
    ]);
    expect(await findTicket(test.db, ref)).toMatchObject({ assignee_user_id: "U0AKI" });
    expect(await jobs("ticket.tell-customer", ref)).toBe(0); // it stands in the thread already
  });

  it("is kept when an agent writes it on a solved ticket", async () => {
    const { ref, thread } = await ticketIn("T0KUMO", SHARED);
    await setTicket(test.db, ref, { status: "solved" });

    await take("T0KUMO", { ...thread, user: "U0AKI", text: "You are welcome.", ts: stamp() });

    expect(await commentsOf(ref)).toMatchObject([{ kind: "reply", author_kind: "agent" }]);
    expect(await findTicket(test.db, ref)).toMatchObject({ status: "solved" });
  });

  it("is not lost when Slack does not say who wrote it", async () => {
    const { ref, thread } = await ticketIn("T0KUMO", SHARED);

    await take("T0KUMO", { ...thread, user: "U0NEW", text: "Hello", ts: stamp() }, silentPeople());

    expect(await commentsOf(ref)).toMatchObject([{ author_kind: "requester", body: "Hello" }]);
  });

  it("is heard in the thread that the card has left, too", async () => {
    const { ref, thread } = await ticketIn("T0ACME", HELP);
    await test.db.transaction().execute(async (tx) => {
      await forgetCard(tx, ref, thread.thread_ts);
      await saveCard(tx, ref, { channelId: "D0HANA", ts: stamp() });
    });

    await take("T0ACME", { ...thread, user: "U0HANA", text: "Here I wrote before", ts: stamp() });

    expect(await commentsOf(ref)).toMatchObject([{ body: "Here I wrote before" }]);
  });

  it("says in the thread that it opened a solved ticket again, and nothing otherwise", async () => {
    const { ref, thread } = await ticketIn("T0ACME", HELP);
    await take("T0ACME", { ...thread, user: "U0HANA", text: "More", ts: stamp() });
    const before = await jobs("ticket.tell-customer", ref);
    await setTicket(test.db, ref, { status: "solved" });

    await take("T0ACME", { ...thread, user: "U0HANA", text: "Not solved", ts: stamp() });

    expect([before, await jobs("ticket.tell-customer", ref)]).toEqual([0, 1]);
  });

  it("comes again when the thread's own card is so new that it may not be saved yet", async () => {
    const at = { teamId: "T0ACME", channelId: HELP };
    const ref = await fileTicket(test.db, at);
    const card = `${Math.floor(Date.now() / 1000) - 1}.000100`;
    const thread = { type: "message", channel: HELP, thread_ts: card, parent_user_id: BOT };
    const event = { ...thread, user: "U0HANA", text: "I was quick", ts: stamp() };

    await expect(take("T0ACME", event)).rejects.toThrow(RetryLater);
    await test.db.transaction().execute((tx) => saveCard(tx, ref, { channelId: HELP, ts: card }));
    await take("T0ACME", event);

    expect(await commentsOf(ref)).toMatchObject([{ body: "I was quick" }]);
  });

  it.each([
    ["an old message of ours", { thread_ts: "900.000100", parent_user_id: BOT }],
    ["a person's new message", { parent_user_id: "U0TOM" }],
    ["our new message to the agents", { channel: "C0AGENTS", parent_user_id: BOT }, "T0KUMO"],
  ])("does not come again in the thread of %s", async (_whose, more, teamId = "T0ACME") => {
    const now = `${Math.floor(Date.now() / 1000)}.000100`;
    const event = { type: "message", channel: HELP, thread_ts: now, user: "U0HANA", text: "Hi" };

    await expect(take(teamId, { ...event, ts: stamp(), ...more })).resolves.toBe(false);
  });

  it("belongs to no ticket in another thread, channel or workspace", async () => {
    const { ref, thread } = await ticketIn("T0ACME", HELP);
    const event = { ...thread, user: "U0HANA", text: "Elsewhere" };

    await take("T0ACME", { ...event, thread_ts: stamp(), ts: stamp() });
    await take("T0ACME", { ...event, channel: "C0ACMEGEN", ts: stamp() });
    await take("T0BETA", { ...event, ts: stamp() });

    expect(await commentsOf(ref)).toEqual([]);
  });
});

const silence = new Promise<undefined>(() => {});

async function ticketIn(teamId: string, channelId: string) {
  const ref = await fileTicket(test.db, { teamId, channelId });
  const card = stamp();
  await test.db.transaction().execute((tx) => saveCard(tx, ref, { channelId, ts: card }));
  return { ref, thread: { type: "message", channel: channelId, thread_ts: card } };
}

async function take(teamId: string, event: Record<string, unknown>, people = knownPeople()) {
  const needs = { db: test.db, people, agentsChannel: AGENTS_CHANNEL };
  const said = readThreadEvent(event);
  return said !== undefined && (await takeThreadReply(needs, { teamId, botUserId: BOT }, said));
}

function stamp(): string {
  return `${stamps++}.000100`;
}

const NAMES: Record<string, string> = { U0HANA: "Hana", U0AKI: "Aki" };

function knownPeople(): People {
  const known = ({ teamId, userId }: { teamId: string; userId: string }): KnownPerson => ({
    teamId,
    userId,
    name: NAMES[userId] ?? userId,
    language: "en",
    timeZone: "UTC",
  });
  const flags = { isAdmin: false, isGuest: false, isStranger: false, isBot: false };
  const home = ({ teamId }: { teamId: string }) => {
    return { ...flags, homeTeamId: teamId, teams: [teamId] };
  };
  return {
    known,
    meet: async (at) => known(at),
    ask: async (at): Promise<Person> => ({ ...known(at), ...home(at), isDeactivated: false }),
    isMember: async (channel, userId) => channel.channelId === "C0AGENTS" && userId === "U0AKI",
    pictureOf: async () => undefined,
    channelsOf: async () => [],
  };
}

async function commentsOf(ref: TicketRef) {
  return test.db
    .selectFrom("comment")
    .select(["kind", "author_kind", "author_name", "body"])
    .where("ticket_id", "=", ref.ticketId)
    .execute();
}

async function jobs(name: string, ref: TicketRef): Promise<number> {
  const rows = await test.db.selectFrom("job").select("payload").where("name", "=", name).execute();
  return rows.filter(({ payload }) => payload.ticketId === ref.ticketId).length;
}

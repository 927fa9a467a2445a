import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takeNote } from "#tickets/note.ts";
import { findRepeatedNote, markOf } from "#tickets/note-guard.ts";
import { saveTriageCard } from "#tickets/store-cards.ts";
import { readThreadEvent } from "#tickets/thread-event.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { silentPeople } from "../support/people.ts";
import { fileTicket, seedAccounts } from "../support/tickets.ts";

const AGENTS_CHANNEL = { teamId: "T0KUMO", channelId: "C0AGENTS" };
const HEARD = { teamId: "T0KUMO", botUserId: "U0T0KUMO" };

let test: TestDatabase;
let stamps = 1_700_000_000;
beforeAll(async () => {
  test = await createTestDatabase();
  await seedAccounts(test.db);
});
afterAll(() => test[Symbol.asyncDispose]());

describe("a message in the thread of a triage card", () => {
  it("is a note, once", async () => {
    const thread = await triageThread();
    const event = { ...thread.at, user: "U0AKI", text: "They &lt;pay&gt; late", ts: stamp() };

    await Promise.all(Array.from({ length: 8 }, () => take(event)));

    expect(await notesOf(thread.ticketId)).toEqual([
      { author_name: "U0AKI", body: "They <pay> late", isGone: false },
    ]);
    expect(await everythingElse(thread.ticketId)).toEqual({
      comments: 0,
      steps: 1,
      jobs: ["ticket.file", "ticket.edit-triage-card"], // who notes has seen it
    });
  });

  it("stands as a person reads it, and is known by these words when they are for a customer", async () => {
    const { at, ticketId } = await triageThread();
    const text = "<@U0BEN>, <https://x.example/?a=1&amp;b=2|their contract> has ended";

    await take({ ...at, user: "U0AKI", text, ts: stamp() });

    const body = "@U0BEN, their contract (https://x.example/?a=1&b=2) has ended";
    expect(await notesOf(ticketId)).toMatchObject([{ body }]);
    const ref = { accountId: "acme", ticketId };
    expect(await findRepeatedNote(test.db, ref, `Hello. ${body}`)).toMatchObject({ note: body });
  });

  it("ends the same in whatever order, and however often, its versions come", async () => {
    const versions = ["posted", "edited", "edited again", "deleted"] as const;
    const order = fc.array(fc.constantFrom(...versions), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(order, async (came) => {
        const thread = await triageThread();
        const events = eventsOf(thread.at, stamp());
        for (const each of came) await take(events[each]);

        const isGone = came.includes("deleted");
        const newest = versions.filter((each) => each !== "deleted" && came.includes(each)).at(-1);
        expect(await notesOf(thread.ticketId)).toEqual([
          { author_name: "U0AKI", body: isGone ? "" : newest, isGone },
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["of an app", { bot_id: "B0OTHER" }],
    ["in another thread", { thread_ts: "1600000000.000001" }],
    ["in no thread", { thread_ts: undefined }],
    ["in another channel", { channel: "C0ACMEHELP" }],
    ["that somebody joined", { subtype: "channel_join" }],
  ])("is no note when it is one %s", async (_what, more) => {
    const { at, ticketId } = await triageThread();

    await take({ ...at, user: "U0AKI", text: "Hi", ts: stamp(), ...more });

    expect(await notesOf(ticketId)).toEqual([]);
  });

  it("is heard the next time when its card is not saved yet", async () => {
    const card = `${Math.floor(Date.now() / 1000)}.000900`;
    const event = { channel: "C0AGENTS", thread_ts: card, parent_user_id: "U0T0KUMO" };

    await expect(take({ ...event, user: "U0AKI", text: "Hi", ts: stamp() })).rejects.toThrow(
      "may not be saved yet",
    );
  });
});

describe("the guard", () => {
  it("knows this ticket's notes for good, others' for a day, and none that was deleted", async () => {
    const [mine, other] = [await triageThread(), await triageThread()];
    const own = "Our own mistake in the last release.";
    const theirs = "The other customer has signed for five years.";
    await take({ ...mine.at, user: "U0AKI", text: own, ts: stamp() });
    await take({ ...other.at, user: "U0AKI", text: theirs, ts: stamp() });
    const events = eventsOf(mine.at, stamp());
    await take({ ...events.posted, text: "A note that was a slip altogether." });
    await take(events.deleted);
    const ref = { accountId: "acme", ticketId: mine.ticketId };
    const guard = (message: string, confirmed?: string) =>
      findRepeatedNote(test.db, ref, message, confirmed);

    expect(await guard(`Sorry: ${own}`)).toMatchObject({ note: own });
    expect(await guard(`Sorry: ${own}`, markOf(`Sorry: ${own}`))).toBeUndefined();
    expect(await guard(`Sorry! ${own}`, markOf(`Sorry: ${own}`))).toMatchObject({ note: own });
    expect(await guard(theirs)).toMatchObject({ note: theirs });
    expect(await guard("A note that was a slip altogether.")).toBeUndefined();

    await test.db
      .updateTable("note")
      .set({ at: new Date(Date.now() - 25 * 3_600_000) })
      .execute();
    expect(await guard(own)).toMatchObject({ note: own });
    expect(await guard(theirs)).toBeUndefined();
  });
});

async function triageThread() {
  const { ticketId } = await fileTicket(test.db);
  const ts = stamp();
  const card = { teamId: "T0KUMO", channelId: "C0AGENTS", ts };
  const ref = { accountId: "acme", ticketId };
  await test.db.transaction().execute((tx) => saveTriageCard(tx, ref, card));
  return { ticketId, at: { channel: "C0AGENTS", thread_ts: ts } };
}

/** The versions of one message, as Slack tells of them. */
function eventsOf(at: { channel: string; thread_ts: string }, ts: string) {
  const said = (text: string) => ({ user: "U0AKI", text, ts, thread_ts: at.thread_ts });
  const changed = (text: string) => ({
    channel: at.channel,
    subtype: "message_changed",
    message: { ...said(text), edited: { user: "U0AKI", ts: stamp() } },
  });
  return {
    posted: { ...at, ...said("posted") },
    edited: changed("edited"),
    "edited again": changed("edited again"),
    deleted: {
      channel: at.channel,
      subtype: "message_deleted",
      deleted_ts: ts,
      previous_message: said("whatever it was"),
    },
  };
}

async function take(event: unknown): Promise<void> {
  const said = readThreadEvent(event);
  const needs = { db: test.db, people: silentPeople(), agentsChannel: AGENTS_CHANNEL };
  if (said) await takeNote(needs, HEARD, said);
}

async function notesOf(ticketId: string) {
  const rows = await test.db
    .selectFrom("note")
    .select(["author_name", "body", "deleted_at"])
    .where("ticket_id", "=", ticketId)
    .execute();
  return rows.map(({ deleted_at, ...note }) => ({ ...note, isGone: deleted_at !== null }));
}

async function everythingElse(ticketId: string) {
  const of = (table: "comment" | "ticket_history") =>
    test.db.selectFrom(table).select("id").where("ticket_id", "=", ticketId).execute();
  const jobs = await test.db.selectFrom("job").select(["name", "payload"]).execute();
  return {
    comments: (await of("comment")).length,
    steps: (await of("ticket_history")).length,
    jobs: jobs.filter(({ payload }) => payload.ticketId === ticketId).map(({ name }) => name),
  };
}

function stamp(): string {
  stamps += 1;
  return `${stamps}.000100`;
}

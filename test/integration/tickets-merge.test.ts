import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NO_POLICY } from "#accounts/policy.ts";
import type { Status } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { claimOne } from "#jobs/claims.ts";
import { runJob } from "#jobs/run.ts";
import { mergeTickets, undoMerge } from "#tickets/merge.ts";
import { rate } from "#tickets/rate.ts";
import { takeStep } from "#tickets/step.ts";
import { findTicket, type TicketRef } from "#tickets/store.ts";
import { saveCard } from "#tickets/store-cards.ts";
import { findAttachments } from "#tickets/store-files.ts";
import { findLivingThreads, findStandingMessages } from "#tickets/store-hearing.ts";
import { findReported } from "#tickets/store-report.ts";
import { findWaiting } from "#tickets/store-waiting.ts";
import { readThreadEvent } from "#tickets/thread-event.ts";
import { takeThreadReply } from "#tickets/thread-reply.ts";
import type { Step } from "#tickets/ticket.ts";
import { silentPeople } from "../support/people.ts";
import { AGENTS_CHANNEL, openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { DRAFT, type Filed, fileTicket, setTicket } from "../support/tickets.ts";

const HELP = "C0ACMEHELP";
const AGENT = { kind: "agent", userId: "U0AKI", name: "Aki" } as const;
const NOW = Date.now();
const HOUR = 3_600_000;
const URGENT = {
  ...DRAFT,
  ...({ priority: "urgent", why: "Nobody can work.", contact: "U0TOM" } as const),
};

let worker: TicketWorker;
let stamps = Math.floor(NOW / 1000) + 1000; // people write after the tickets were filed
beforeAll(async () => {
  worker = await openTicketWorker();
});
beforeEach(() => worker.database.setNow(new Date(NOW)));
afterAll(() => worker[Symbol.asyncDispose]());

describe("a merge", () => {
  it("is made once, however often it is delivered at once", async () => {
    const { from, into } = await two();
    const key = randomUUID();

    await Promise.all(Array.from({ length: 8 }, () => merge(from, into, key)));

    expect(await eventsOf(from)).toEqual(["filed", "merged"]);
    expect(await eventsOf(into)).toEqual(["filed", "absorbed"]);
    expect(await findTicket(worker.db, from)).toMatchObject({
      ...{ status: "closed", merged_into_id: into.ticketId, waits_since: null },
      ...{ unmerged_status: "new", merged_at: expect.any(Date) },
    });
    for (const name of ["ticket.tell-customer", "ticket.tell-agents", "ticket.tell-desk"])
      expect([await jobsOf(from, name), await jobsOf(into, name)]).toEqual([1, 1]);
  });

  it("of A into B and of B into A at once is one of them (30 times)", async () => {
    for (let times = 0; times < 30; times += 1) {
      const { from: a, into: b } = await two();

      const refused = await refusals([merge(a, b), merge(b, a)]);

      expect(refused).toHaveLength(1);
      expect(["is-merged", "merge-into-merged"]).toContain(refused[0]);
      const both = [await findTicket(worker.db, a), await findTicket(worker.db, b)];
      expect(both.filter(({ merged_into_id }) => merged_into_id)).toHaveLength(1);
    }
  }, 30_000);

  it("never goes into a ticket that goes elsewhere itself: A into B, B into C and C into A at once (30 times)", async () => {
    for (let times = 0; times < 30; times += 1) {
      const { from: a, into: b } = await two();
      const c = await fileTicket(worker.db);

      await refusals([merge(a, b), merge(b, c), merge(c, a)]);

      const all = await Promise.all([a, b, c].map((ref) => findTicket(worker.db, ref)));
      const targets = all.flatMap(({ merged_into_id: id }) => id ?? []);
      expect(targets.length).toBeGreaterThan(0);
      const merged = all.filter(({ merged_into_id }) => merged_into_id);
      for (const { id } of merged) expect(targets).not.toContain(id);
    }
  }, 30_000);

  it("writes nothing when it is refused", async () => {
    const { from, into } = await two();
    await setTicket(worker.db, into, { status: "closed" });
    const before = await findTicket(worker.db, from);

    expect(await refusals([merge(from, into)])).toEqual(["merge-into-closed"]);

    expect([await eventsOf(from), await eventsOf(into)]).toEqual([["filed"], ["filed"]]);
    expect(await findTicket(worker.db, from)).toEqual(before);
  });

  it("tells the desk on both sides, in the order of what was before", async () => {
    const { from, into } = await two({ subject: "Twice", description: "The same 503." });
    await take(from, "A word before");
    await merge(from, into);
    await runJobs(from);
    await runJobs(into);

    expect(atDesk(from)).toEqual([
      "A word before",
      expect.stringMatching(new RegExp(`${into.number}「.*」に統合しました`)),
      "closed",
    ]);
    expect(atDesk(into)).toEqual([expect.stringContaining(`${from.number}「Twice」`)]);
    expect(atDesk(into).join()).toContain("The same 503.");
  });

  it("ends the contact's turn, the wait and what was to follow a solution", async () => {
    const from = await fileTicket(worker.db, URGENT);
    const into = await fileTicket(worker.db);
    await runJobs(from);
    expect(await findTicket(worker.db, from)).toMatchObject({ contact_state: "asking" });

    await merge(from, into);
    await worker.database.setNow(new Date(NOW + 100 * HOUR));
    await runJobs(from);

    expect(await eventsOf(from)).toEqual(["filed", "contact-asked", "merged"]);
    expect(await findTicket(worker.db, from)).toMatchObject({
      ...{ contact_state: "off", contact_due_at: null, waits_since: null, priority: "urgent" },
    });
    const waiting = (await findWaiting(worker.db)).map(({ ticketId }) => ticketId);
    expect([waiting.includes(from.ticketId), waiting.includes(into.ticketId)]).toEqual([
      false,
      true,
    ]);
  });

  it("of a solved ticket asks nobody whether it is fixed, nor how the help was", async () => {
    const { from, into } = await two();
    await step(from, "solve");
    await merge(from, into);

    await worker.database.setNow(new Date(NOW + 10 * 24 * HOUR));
    await runJobs(from);

    expect(await eventsOf(from)).toEqual(["filed", "solve", "merged"]);
    const delivery = { source: "slack.press", key: randomUUID() } as const;
    const rating = rate(worker.db, await findTicket(worker.db, from), { score: "good", delivery });
    await expect(rating).rejects.toMatchObject({ code: "is-merged" });
    for (const name of ["close", "reopen", "inform"] as const)
      await expect(step(from, name)).rejects.toMatchObject({ code: "is-merged" });
  });

  it("is no resolution in the report, and an undo is none that came back", async () => {
    const { from, into } = await two();
    await step(from, "solve");
    await merge(from, into);

    expect(await reported(from)).toMatchObject({
      ...{ status: "closed", solvedAt: null, reopened: 0 },
      merged_into_number: Number(into.number.slice(3)),
    });
    await undo(from);
    expect(await reported(from)).toMatchObject({
      ...{ status: "solved", solvedAt: expect.any(Date), reopened: 0, merged_into_number: null },
    });
  });
});

describe("what is written in the thread of a merged ticket", () => {
  it("is the other ticket's: words, files, who waits and who has not seen it", async () => {
    const { from, into } = await two();
    await merge(from, into);
    await setTicket(worker.db, into, { status: "pending" });
    const before = await eventsOf(from);

    const files = [{ id: "F0MERGED" }];
    const ts = await take(from, "More of it", { subtype: "file_share", files });

    expect(await commentsOf(from)).toEqual([]);
    expect(await commentsOf(into)).toEqual([
      { ts, thread_ts: from.root, body: "More of it", author_kind: "requester" },
    ]);
    expect(await findTicket(worker.db, into)).toMatchObject({ status: "open", seen_at: null });
    expect(await findAttachments(worker.db, into)).toMatchObject([{ file_id: "F0MERGED" }]);
    expect(await eventsOf(from)).toEqual(before);
    expect(await jobsOf(into, "ticket.tell-customer")).toBe(1); // that it took in the other, and no more
  });

  it("is taken once, whatever Slack repeats and in whatever order", async () => {
    const { from, into } = await two();
    await merge(from, into);
    const ts = stamp();
    const edit = () => change(from, ts, "message_changed", "Second");

    await edit(); // before what it changes
    await Promise.all([take(from, "First", {}, ts), edit(), take(from, "First", {}, ts), edit()]);

    expect(await commentsOf(into)).toMatchObject([{ ts, body: "Second" }]);
    expect(await commentsOf(from)).toEqual([]);
  });

  it("follows its edits and deletions where it was first: before and after the merge, and after its undo", async () => {
    const { from, into } = await two();
    const early = await take(from, "Early");
    await merge(from, into);
    const late = await take(from, "Late");

    await change(from, early, "message_changed", "Early, edited");
    await change(from, late, "message_changed", "Late, edited");
    expect(await bodiesOf(from)).toEqual(["Early, edited"]);
    expect(await bodiesOf(into)).toEqual(["Late, edited"]);

    await undo(from);
    await change(from, early, "message_deleted", "");
    await change(from, late, "message_deleted", "");
    await take(from, "Own again");

    expect(await bodiesOf(from)).toEqual(["", "Own again"]);
    expect(await bodiesOf(into)).toEqual([""]);
    expect(await eventsOf(from)).toEqual([
      ...["filed", "inform", "merged", "comment-edited"],
      ...["unmerged", "comment-deleted", "inform"],
    ]);
  });

  it("is never left at the merged ticket, when the two happen at once (30 times)", async () => {
    for (let times = 0; times < 30; times += 1) {
      const { from, into } = await two();

      await Promise.all([merge(from, into), take(from, "Just now")]);

      const events = await eventsOf(from);
      if (events.includes("inform")) expect(events).toEqual(["filed", "inform", "merged"]);
      else expect(await bodiesOf(into)).toEqual(["Just now"]);
    }
  }, 30_000);

  it("opens a follow-up there, once the other ticket is closed", async () => {
    const { from, into } = await two();
    await merge(from, into);
    await step(into, "solve");
    await step(into, "close");

    await take(from, "It is back");
    await take(from, "And more");

    const followUp = await worker.db
      .selectFrom("ticket")
      .select(["account_id as accountId", "id as ticketId", "asked_thread_ts", "description"])
      .where("follows_id", "=", into.ticketId)
      .executeTakeFirstOrThrow();
    expect(followUp).toMatchObject({ asked_thread_ts: from.root, description: "It is back" });
    expect(await bodiesOf(followUp)).toEqual(["And more"]);
    expect(await refusals([undo(from)])).toEqual(["merge-followed"]); // the thread is that one's
  });

  it("is told in the other thread, too, when support answers there", async () => {
    const given = { teamId: "T0KUMO", userId: "U0SOL", channelId: "C0EXTBETA" };
    const { from, into } = await two(given);
    await merge(from, into);
    const before = await jobsOf(into, "ticket.tell-customer");
    const people = { ...silentPeople(), isMember: async () => true };

    await take(from, "Try again", { user: "U0AKI" }, stamp(), people);

    expect(await commentsOf(into)).toMatchObject([{ author_kind: "agent", body: "Try again" }]);
    expect(await jobsOf(into, "ticket.tell-customer")).toBe(before + 1);
  });

  it("is read up when nobody heard Slack, and no message is missed in the wrong thread", async () => {
    const { from, into } = await two();
    const own = await take(into, "In its own thread");
    await merge(from, into);
    const late = await take(from, "In the merged thread");

    expect(await livingThreads()).toEqual(expect.arrayContaining([from.root, into.root]));
    expect(await standingIn(into)).toEqual([own]);
    expect(await standingIn(from)).toEqual([late]);
    await undo(from);
    expect(await standingIn(into)).toEqual([own]);
    expect(await standingIn(from)).toEqual([late]);

    await merge(from, into);
    await setTicket(worker.db, into, { status: "closed" });
    expect((await livingThreads()).filter((ts) => ts === from.root || ts === into.root)).toEqual(
      [],
    );
  });
});

describe("an undo", () => {
  it.each(["new", "open", "pending", "on_hold", "solved"] as const)(
    "brings %s back, with the wait of before",
    async (status: Status) => {
      const { from, into } = await two();
      await setTicket(worker.db, from, { status });
      const before = await findTicket(worker.db, from);
      await merge(from, into);
      await worker.database.setNow(new Date(NOW + 23.9 * HOUR));

      const key = randomUUID();
      await Promise.all(Array.from({ length: 4 }, () => undo(from, key)));

      const { waits_since } = before;
      expect(await findTicket(worker.db, from)).toMatchObject({
        ...{ status, waits_since, merged_into_id: null, merged_into_number: null, merged_at: null },
      });
      expect(await eventsOf(from)).toEqual(["filed", "merged", "unmerged"]);
      expect(await eventsOf(into)).toEqual(["filed", "absorbed", "released"]);
      expect(await refusals([undo(from)])).toEqual(["not-merged"]);
    },
  );

  it("is refused after a day, by the clock of the database", async () => {
    const { from, into } = await two();
    await merge(from, into);
    await worker.database.setNow(new Date(NOW + 24.1 * HOUR));

    expect(await refusals([undo(from)])).toEqual(["merge-final"]);

    expect(await findTicket(worker.db, from)).toMatchObject({ merged_into_id: into.ticketId });
    expect(await eventsOf(from)).toEqual(["filed", "merged"]);
  });

  it("lets it be merged again, and the other one, too", async () => {
    const { from, into } = await two();
    await merge(from, into);
    await undo(from);

    await merge(into, from);

    expect(await findTicket(worker.db, into)).toMatchObject({ merged_into_id: from.ticketId });
  });

  it("asks for the contact again, and closes in silence what was solved", async () => {
    const from = await fileTicket(worker.db, URGENT);
    const solved = await fileTicket(worker.db);
    const into = await fileTicket(worker.db);
    await runJobs(from);
    await step(solved, "solve");
    await merge(from, into);
    await merge(solved, into);
    await runJobs(solved);

    await undo(from);
    await undo(solved);
    expect(await findTicket(worker.db, from)).toMatchObject({ contact_state: "asking" });
    for (const days of [20, 40]) {
      await worker.database.setNow(new Date(NOW + days * 24 * HOUR));
      await runJobs(solved);
    }

    expect(await eventsOf(solved)).toEqual([
      ...["filed", "solve", "merged", "unmerged", "closing-announced", "close"],
    ]);
  });

  it("tells the desk the status of before", async () => {
    const { from, into } = await two();
    await step(from, "take");
    await merge(from, into);
    await undo(from);
    await runJobs(from);
    await runJobs(into);

    expect(atDesk(from).at(-1)).toBe("open");
    expect(atDesk(from).at(-2)).toContain("統合を取り消しました");
    expect(atDesk(into).at(-1)).toContain("の統合を取り消しました");
  });
});

type Threaded = Filed & { teamId: string; channelId: string; root: string };

/** Two tickets with a thread each. */
async function two(given: Parameters<typeof fileTicket>[1] = {}) {
  return { from: await threaded(given), into: await threaded(given) };
}

async function threaded(given: Parameters<typeof fileTicket>[1] = {}): Promise<Threaded> {
  const { teamId = "T0ACME", channelId = HELP } = given;
  const ticket = await fileTicket(worker.db, given);
  const root = stamp();
  await worker.db.transaction().execute((tx) => saveCard(tx, ticket, { channelId, ts: root }));
  return { ...ticket, teamId, channelId, root };
}

async function merge(from: TicketRef, into: TicketRef, key: string = randomUUID()): Promise<void> {
  const links = { from: undefined, into: undefined };
  const delivery = { source: "slack.view", key } as const;
  await mergeTickets(
    worker.db,
    { from: refOf(from), into: refOf(into), links },
    { by: AGENT, policy: NO_POLICY, delivery },
  );
}

async function undo(ref: TicketRef, key: string = randomUUID()): Promise<void> {
  const delivery = { source: "slack.press", key } as const;
  await undoMerge(worker.db, refOf(ref), { by: AGENT, policy: NO_POLICY, delivery });
}

function refOf({ accountId, ticketId }: TicketRef): TicketRef {
  return { accountId, ticketId };
}

async function refusals(acts: Promise<void>[]): Promise<string[]> {
  const codes = await Promise.all(
    acts.map((act) =>
      act.then(
        () => [],
        (error: unknown) => {
          if (error instanceof Problem) return [error.code];
          throw error;
        },
      ),
    ),
  );
  return codes.flat();
}

async function step(ref: TicketRef, name: Step): Promise<void> {
  const isTheirs = name === "close" || name === "inform";
  await takeStep(worker.db, refOf(ref), {
    step: name,
    by: isTheirs ? { kind: "requester", userId: "U0HANA", name: "Hana" } : AGENT,
    delivery: { source: "slack.press", key: randomUUID() },
  });
}

async function take(
  { teamId, channelId, root }: Threaded,
  text: string,
  more: Record<string, unknown> = {},
  ts = stamp(),
  people = silentPeople(),
): Promise<string> {
  await hear(
    teamId,
    { channel: channelId, user: "U0HANA", text, ts, thread_ts: root, ...more },
    people,
  );
  return ts;
}

async function change(
  { teamId, channelId, root }: Threaded,
  ts: string,
  subtype: "message_changed" | "message_deleted",
  text: string,
): Promise<void> {
  const said = { user: "U0HANA", ts, thread_ts: root, text };
  const edited = { user: "U0HANA", ts: `${Number(ts.split(".")[0]) + 1}.000200` };
  await hear(teamId, {
    ...{ channel: channelId, subtype },
    ...(subtype === "message_changed"
      ? { message: { ...said, edited } }
      : { previous_message: said }),
  });
}

async function hear(teamId: string, event: Record<string, unknown>, people = silentPeople()) {
  const said = readThreadEvent(event);
  if (!said) throw new Error("This is no event of a thread.");
  const needs = { db: worker.db, people, agentsChannel: AGENTS_CHANNEL };
  expect(await takeThreadReply(needs, { teamId, botUserId: "U0DLACME" }, said)).toBe(true);
}

/** What is due of this ticket, without what goes to Slack. */
async function runJobs({ ticketId }: TicketRef): Promise<void> {
  const { db, context } = worker;
  const names = ["file", "tell-desk", "review", "contact-due", "ending-due"];
  for (;;) {
    const { rows } = await sql<{ id: string }>`
      with next as (
        select id from job where payload ->> 'ticketId' = ${ticketId}
          and name = any (${names.map((name) => `ticket.${name}`)}::text[])
          and run_at <= deskline_now() and done_at is null and dead_at is null order by seq limit 1
      ),
      freed as (
        update lane set next_at = deskline_now()
        where key = (select lane from job join next using (id)) and claim is null
      )
      select id from next`.execute(db);
    const job = rows[0] && (await claimOne(db, rows[0].id));
    if (!job) return;
    await runJob(context, job);
  }
}

async function eventsOf({ ticketId }: TicketRef): Promise<string[]> {
  const rows = await worker.db
    .selectFrom("ticket_history")
    .select("event")
    .where("ticket_id", "=", ticketId)
    .orderBy("at")
    .execute();
  return rows.map(({ event }) => event);
}

async function commentsOf({ ticketId }: TicketRef) {
  return worker.db
    .selectFrom("comment")
    .select(["ts", "thread_ts", "body", "author_kind"])
    .where("ticket_id", "=", ticketId)
    .orderBy("ts")
    .execute();
}

async function bodiesOf(ref: TicketRef): Promise<string[]> {
  return (await commentsOf(ref)).map(({ body }) => body);
}

async function jobsOf({ ticketId }: TicketRef, name: string): Promise<number> {
  const rows = await worker.db
    .selectFrom("job")
    .select("payload")
    .where("name", "=", name)
    .execute();
  return rows.filter(({ payload }) => payload.ticketId === ticketId).length;
}

function atDesk({ ticketId }: TicketRef): string[] {
  const held = worker.book.held.find(({ ticket }) => ticket.ticketId === ticketId);
  return (held?.changes ?? []).flatMap((one) => {
    if ("body" in one) return one.body;
    return one.kind === "status" ? one.status : [];
  });
}

async function reported({ number }: Filed) {
  const period = { from: new Date(NOW - 24 * HOUR), to: new Date(NOW + 24 * HOUR) };
  for await (const ticket of findReported(worker.db, period))
    if (`DL-${ticket.number}` === number) return ticket;
  throw new Error(`${number} is not reported.`);
}

async function livingThreads(): Promise<string[]> {
  return (await findLivingThreads(worker.db, undefined, 1000)).map(({ threadTs }) => threadTs);
}

async function standingIn({ root, ...ticket }: Threaded): Promise<string[]> {
  const thread = { ...ticket, threadTs: root };
  const standing = await findStandingMessages(worker.db, thread, "9999999999.000000");
  return standing.map(({ ts }) => ts);
}

function stamp(): string {
  stamps += 10;
  return `${stamps}.000100`;
}

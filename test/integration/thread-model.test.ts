import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Problem } from "#errors.ts";
import { claimOne } from "#jobs/claims.ts";
import { after } from "#jobs/queue.ts";
import { runJob } from "#jobs/run.ts";
import { takeStep } from "#tickets/step.ts";
import { findTicket, type TicketRef } from "#tickets/store.ts";
import { saveCard } from "#tickets/store-cards.ts";
import { readThreadEvent } from "#tickets/thread-event.ts";
import { takeThreadReply } from "#tickets/thread-reply.ts";
import type { HeldTicket, KeptChange } from "../support/desk-book.ts";
import { silentPeople } from "../support/people.ts";
import { AGENTS_CHANNEL, openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

const SCHEDULES = process.env.DESKLINE_TEST_FULL ? 10_000 : 1000;
const PATIENT_MS = 3 * 60 * 60_000; // 10,000 of them beside other work: a bound for what hangs, no measure
const HELP = "C0ACMEHELP";
const HEARD = { teamId: "T0ACME", botUserId: "U0DLACME" };
const MESSAGES = 3;
const VERSIONS = 3;

/** One thing that happens; what Slack tells may come in any order, and any number of times. */
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.record({ is: fc.constant("post"), n: upTo(MESSAGES) }) },
  {
    weight: 4,
    arbitrary: fc.record({ is: fc.constant("edit"), n: upTo(MESSAGES), version: upTo(VERSIONS) }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant("delete"), n: upTo(MESSAGES) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant("agent"),
      step: fc.constantFrom("reply", "ask", "solve", "reopen"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant("desk"),
      fault: fc.constantFrom("none", "lose", "busy", "down"),
    }),
  },
) as fc.Arbitrary<Happening>;
type Happening =
  | { is: "post" | "delete"; n: number }
  | { is: "edit"; n: number; version: number }
  | { is: "agent"; step: "reply" | "ask" | "solve" | "reopen" }
  | { is: "desk"; fault: "none" | "lose" | "busy" | "down" };
/** What is in one list happens at once. */
const schedule = fc.array(fc.array(happening, { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 8,
});

let worker: TicketWorker;
let stamps = Math.floor(Date.now() / 1000) + 1000; // people write after the ticket was filed
beforeAll(async () => {
  worker = await openTicketWorker();
});
afterAll(() => worker[Symbol.asyncDispose]());

it(
  `ends at the desk as if all had come once and in order, in ${SCHEDULES} schedules`,
  async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (batches) => {
        const thread = await newThread();
        let says = 0;
        for (const batch of batches) {
          await Promise.all(batch.map((each) => happen(thread, each, () => `answer ${++says}`)));
        }
        await drain(thread);

        const told = batches.flat();
        const comments = await commentsOf(thread);
        expect(comments.map(({ id: _id, ...standing }) => standing)).toEqual(oracle(told));
        expect(seenAtDesk(thread, comments)).toEqual(oracle(told).map(withoutUncounted));
        const { status } = await findTicket(worker.db, thread.ref);
        expect(lastStatus(held(thread).changes) ?? "new").toBe(status);
      }),
      { numRuns: SCHEDULES },
    );
  },
  PATIENT_MS,
);

/** How one message stands in the end. */
type Standing = { n: number; body: string; edits: number; isGone: boolean };

/** From what came of each message alone: its newest version, each version counted once, nothing of it when it is gone. */
function oracle(told: Happening[]): Standing[] {
  return Array.from({ length: MESSAGES }, (_, index) => index + 1).flatMap((n) => {
    const own = told.filter((each) => "n" in each && each.n === n);
    const versions = own.flatMap((each) => (each.is === "edit" ? each.version : []));
    const isGone = own.some(({ is }) => is === "delete");
    if (own.length === 0) return [];
    const newest = Math.max(0, ...versions);
    return [{ n, body: isGone ? "" : wordsOf(n, newest), edits: new Set(versions).size, isGone }];
  });
}

/** How often something was edited that is gone, the desk need not know. */
function withoutUncounted(standing: Standing): Standing {
  return standing.isGone ? { ...standing, edits: 0 } : standing;
}

type Thread = { ref: TicketRef; root: string; stamps: string[] };

async function newThread(): Promise<Thread> {
  const { accountId, ticketId } = await fileTicket(worker.db, { teamId: "T0ACME" });
  const ref = { accountId, ticketId };
  const root = stamp();
  await worker.db.transaction().execute((tx) => saveCard(tx, ref, { channelId: HELP, ts: root }));
  await runJobs(ref, "ticket.file");
  return { ref, root, stamps: Array.from({ length: MESSAGES }, stamp) };
}

async function happen(thread: Thread, what: Happening, next: () => string): Promise<void> {
  if (what.is === "desk") return callDesk(thread, what.fault);
  if (what.is === "agent") return act(thread.ref, what.step, next());
  const said = readThreadEvent(eventOf(thread, what));
  if (!said) throw new Error("This is no event of a thread.");
  const needs = { db: worker.db, people: silentPeople(), agentsChannel: AGENTS_CHANNEL };
  expect(await takeThreadReply(needs, HEARD, said)).toBe(true);
}

function eventOf({ root, stamps: own }: Thread, what: Extract<Happening, { n: number }>) {
  const ts = own[what.n - 1] ?? "";
  const said = (version: number) => ({
    ...{ user: "U0HANA", ts, thread_ts: root },
    text: wordsOf(what.n, version),
  });
  if (what.is === "post") return { channel: HELP, ...said(0) };
  if (what.is === "edit") {
    const edited = { user: "U0HANA", ts: `${Number(ts.split(".")[0]) + what.version}.000900` };
    const message = { ...said(what.version), edited };
    return { channel: HELP, subtype: "message_changed", message };
  }
  return { channel: HELP, subtype: "message_deleted", previous_message: said(0) };
}

function wordsOf(n: number, version: number): string {
  return version === 0 ? `message ${n}` : `message ${n}, version ${version}`;
}

/** What is not possible now is refused, and changes nothing. */
async function act(ref: TicketRef, step: "reply" | "ask" | "solve" | "reopen", body: string) {
  const says = step === "reply" || step === "ask";
  const by = { kind: "agent", userId: "U0AKI", name: "Aki" } as const;
  const delivery = { source: "slack.press", key: `${ref.ticketId} ${step} ${body}` } as const;
  await takeStep(worker.db, ref, { step, by, delivery, ...(says && { body }) }).catch((error) => {
    if (!(error instanceof Problem)) throw error;
  });
}

/** One job of the desk, with what may go wrong there. */
async function callDesk({ ref }: Thread, fault: "none" | "lose" | "busy" | "down"): Promise<void> {
  if (fault !== "none") worker.book.faults.push(fault);
  await runJobs(ref, "ticket.tell-desk", 1);
  worker.book.faults.length = 0;
}

async function drain({ ref }: Thread): Promise<void> {
  await runJobs(ref, "ticket.tell-desk");
}

/** Those that wait, in their order, until none does or so many have run. */
async function runJobs({ ticketId }: TicketRef, name: string, most = 500): Promise<void> {
  const { db, context } = worker;
  for (let ran = 0; ran < most; ran += 1) {
    const { rows } = await sql<{ id: string }>`
      with next as (
        select id from job where payload ->> 'ticketId' = ${ticketId} and name = ${name}
          and done_at is null and dead_at is null order by seq limit 1
      ),
      freed as (
        update lane set next_at = deskline_now()
        where key = (select lane from job join next using (id)) and claim is null returning key
      )
      update job set run_at = deskline_now()
      where id = (select id from next) and claim is null and ${after("freed")}
      returning id`.execute(db);
    const job = rows[0] && (await claimOne(db, rows[0].id));
    if (!job) return;
    await runJob(context, job);
  }
}

function held({ ref }: Thread): HeldTicket {
  const found = worker.book.held.find(({ ticket }) => ticket.ticketId === ref.ticketId);
  if (!found) throw new Error("The ticket is not at the desk.");
  return found;
}

/** As an agent at the desk reads it, who sees the newest of each comment. */
function seenAtDesk(thread: Thread, comments: Kept[]): Standing[] {
  const { changes } = held(thread);
  return comments.map(({ id, n }) => {
    const commentId = `dl_${id}_comment`;
    const own = changes.filter(
      (one) => one.changeId === commentId || ("commentId" in one && one.commentId === commentId),
    );
    expect(own.filter(({ kind }) => kind === "comment").length).toBeLessThan(2);
    const words = own.flatMap((one) => ("body" in one ? one.body : []));
    const edits = own.flatMap((one) => (one.kind === "comment-edited" ? one.edits : []));
    const isGone = own.some(({ kind }) => kind === "comment-deleted");
    if (isGone) expect(words.join("")).toBe("");
    return { n, body: words.at(-1) ?? "", edits: isGone ? 0 : (edits.at(-1) ?? 0), isGone };
  });
}

function lastStatus(changes: KeptChange[]): string | undefined {
  return changes.flatMap((one) => (one.kind === "status" ? one.status : [])).at(-1);
}

type Kept = Standing & { id: string };

/** One row for each message of which anything was told. */
async function commentsOf({ ref, stamps: own }: Thread): Promise<Kept[]> {
  const rows = await worker.db
    .selectFrom("comment")
    .select(["id", "ts", "body", "edits", "deleted_at"])
    .where("ticket_id", "=", ref.ticketId)
    .where("ts", "is not", null)
    .orderBy("ts")
    .execute();
  return rows.map(({ id, ts, body, edits, deleted_at }) => {
    return { id, n: own.indexOf(ts ?? "") + 1, body, edits, isGone: deleted_at !== null };
  });
}

function upTo(most: number) {
  return fc.integer({ min: 1, max: most });
}

function stamp(): string {
  stamps += 10;
  return `${stamps}.000100`;
}

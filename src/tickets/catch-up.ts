import type { Db, Tx } from "#db/connect.ts";
import type { JobPayload } from "#jobs/catalogue.ts";
import type { Run } from "#jobs/handlers.ts";
import { findIntended } from "#jobs/outside-writes.ts";
import { fitsOneMessage, type Message } from "#slack/blocks.ts";
import type { Thread } from "#slack/messenger.ts";
import type { Signed } from "#slack/signed.ts";
import type { Texts } from "#text/texts.ts";
import type { TicketNeeds } from "./jobs.ts";
import { refOf } from "./outbox.ts";
import type { Ticket } from "./store.ts";
import { doesAnyWait, lockWaiting, type Reader, SPEAKERS, saveTogether } from "./store-catch-up.ts";
import { findStep, type StepMade } from "./store-history.ts";
import { catchUpMessage, failureSaid, type Said, threadMessage } from "./thread-views.ts";

const LATE_MS = 60_000;
const AT_ONCE = 100; // more never fits into one message

/** Which jobs speak in the same thread. */
const SAME_THREAD = {
  "ticket.tell-customer": SPEAKERS.customer,
  "ticket.tell-failure": SPEAKERS.customer,
  "ticket.tell-agents": SPEAKERS.agents,
} as const;
type Name = keyof typeof SAME_THREAD;
type Payload = JobPayload<Name>;

/** A step of the ticket, or a failure: what one message of a thread is about. */
type Entry = { historyId: string } | Pick<JobPayload<"ticket.tell-failure">, "what" | "reference">;

export type Telling = {
  name: Name;
  payload: Payload;
  thread: Thread;
  ticket: Ticket;
  /** What the job itself is about, when that was read with the ticket. */
  step: StepMade | undefined;
  reader: Reader;
  /** In their words. */
  t: Texts;
  /** How a step reads for them. */
  say(t: Texts, step: StepMade): Said;
  /** What the job itself is about, in the name of who says it; when it is said alone. */
  signed?(said: Said): Signed | undefined;
};

type Drawing = Pick<Telling, "ticket" | "step" | "t" | "say">;

/**
 * Says in the ticket's thread what the job is for. When it comes late and more waits behind it, all of it is one
 * message; which entries, is saved before it is sent, so that a repeat says the same.
 */
export async function tell(needs: TicketNeeds, run: Run, telling: Telling): Promise<void> {
  const { thread } = telling;
  const entries = await entriesToSay(needs, run, telling);
  if (entries === "said") return;
  const said = await drawAll(needs.db, telling, entries);
  const message = signedAlone(telling, said) ?? messageOf(telling.t, said);
  await needs.messenger.post(run, keyOf(telling, entries), thread, message, "and-finish");
}

function signedAlone({ signed }: Telling, said: readonly Said[]): Signed | undefined {
  const [only, ...others] = said;
  return only && others.length === 0 ? signed?.(only) : undefined;
}

async function entriesToSay(
  { db, messenger }: TicketNeeds,
  run: Run,
  telling: Telling,
): Promise<Entry[] | "said"> {
  const { name, payload, thread } = telling;
  const entries = entriesOf(payload);
  const behind = { jobId: run.id, ticketId: payload.ticketId, names: SAME_THREAD[name] };
  if (run.ageMs < LATE_MS || !(await doesAnyWait(db, behind))) return entries;
  if (await messenger.wasPosted(keyOf(telling, entries), thread)) return "said";
  const all = await run.absorb("catch-up", async (tx) => {
    const waiting = await lockWaiting(tx, behind, AT_ONCE);
    const taken = await thoseThatFit(tx, telling, waiting);
    if (taken.length === 0) return undefined;
    const also = [...entries.slice(1), ...taken.flatMap((each) => entriesOf(each.payload))];
    const together = [...entries.slice(0, 1), ...also];
    // So that the message is found again by each step that it says: see `findTold`.
    await saveTogether(tx, refOf(telling.ticket), keyOf(telling, together), together);
    return { name, payload: { ...payload, also }, jobIds: taken.map(({ jobId }) => jobId) };
  });
  return all ? entriesOf(all) : entries;
}

/** From the first on, as many as one message holds; none after one whose post was begun, for it may stand. */
async function thoseThatFit<W extends { payload: Payload }>(
  tx: Tx,
  telling: Telling,
  waiting: readonly W[],
): Promise<W[]> {
  const { payload } = telling;
  const keys = waiting.map((each) => keyOf(telling, entriesOf(each.payload)));
  const begun = await findIntended(tx, keys);
  const said = await drawAll(tx, telling, entriesOf(payload));
  const taken: W[] = [];
  for (const [n, each] of waiting.entries()) {
    if (begun.has(keys[n] ?? "")) break;
    said.push(...(await drawAll(tx, telling, entriesOf(each.payload))));
    if (!fitsOneMessage(messageOf(telling.t, said))) break;
    taken.push(each);
  }
  return taken;
}

/** The message that says these steps, as it would be said now. */
export async function drawTold(
  db: Db,
  telling: Pick<Telling, "ticket" | "t" | "say">,
  historyIds: readonly string[],
): Promise<Message> {
  const entries = historyIds.map((historyId) => ({ historyId }));
  return messageOf(telling.t, await drawAll(db, { ...telling, step: undefined }, entries));
}

async function drawAll(db: Db, telling: Drawing, entries: readonly Entry[]): Promise<Said[]> {
  return Promise.all(entries.map((each) => draw(db, telling, each)));
}

async function draw(db: Db, { t, ticket, step, say }: Drawing, entry: Entry): Promise<Said> {
  if ("what" in entry) return failureSaid(t, ticket, entry);
  const isOwn = step?.history.id === entry.historyId;
  return say(t, isOwn ? step : await findStep(db, refOf(ticket), entry.historyId));
}

function entriesOf(payload: Payload): Entry[] {
  const { also = [] } = payload;
  if ("historyId" in payload) return [{ historyId: payload.historyId }, ...also];
  return [{ what: payload.what, reference: payload.reference }, ...also];
}

/** Another key for each further entry: a message that was sent with fewer is not this one. */
function keyOf(telling: Telling, entries: readonly Entry[]): string {
  const [first] = entries;
  if (!first) throw new Error("there is nothing to say");
  const key =
    "what" in first ? `failure:${first.reference}` : `${telling.reader}:${first.historyId}`;
  return entries.length === 1 ? key : `catch-up:${key}:${entries.length}`;
}

function messageOf(t: Texts, said: readonly Said[]): Message {
  const [only] = said;
  if (only && said.length === 1) return threadMessage(only);
  return catchUpMessage(t, said);
}

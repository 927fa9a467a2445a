import { type AgentsChannel, isAgent } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
import { readWithNames } from "#slack/as-read.ts";
import type { MessageAddress } from "#slack/messenger.ts";
import type { People, PersonAddress } from "#slack/people.ts";
import { fileFollowUp } from "./follow-up.ts";
import { refOf } from "./outbox.ts";
import { MergedMeanwhile, takeStep } from "./step.ts";
import { findTicket } from "./store.ts";
import { findThreadTicket, findTicketOfThread, type ThreadTicket } from "./store-cards.ts";
import { findTicketOfComment } from "./store-comments.ts";
import { changeComment } from "./thread-change.ts";
import type { ReadThreadEvent, ThreadEvent } from "./thread-event.ts";

/** For what was said in a thread. */
export type Needs = { db: Db; people: People; agentsChannel: AgentsChannel };
/** Where it was heard, and as whom we speak there. */
export type Heard = { teamId: string; botUserId: string | undefined };

/** Somewhere in a thread; `parentUserId` wrote its root. */
type InThread = Pick<ThreadEvent, "channelId" | "threadTs" | "parentUserId">;

const NEW_S = 120; // a worker that died as it posted a card is followed within a lease, and Slack's next try comes after a minute

/**
 * What a person writes in the ticket's thread is information for support, and what an agent writes there an answer
 * of support; an edit is its next version, and a deletion takes its words away. Once, however often and in whatever
 * order Slack tells of it. False: it is in no thread of a ticket.
 */
export async function takeThreadReply(
  needs: Needs,
  heard: Heard,
  said: ThreadEvent,
): Promise<boolean> {
  if (said.did === "write" && isBare(said)) return false;
  const ticket = await ticketOf(needs, heard, said, findThreadTicket);
  if (!ticket) return false;
  const at = { teamId: heard.teamId, channelId: said.channelId, ts: said.ts };
  try {
    const read = await readSaid(needs.people, heard, said);
    if (read.did === "write") await takeWritten(needs, ticket, at, read);
    else await takeChange(needs, ticket, at, read);
  } catch (error) {
    if (!(error instanceof MergedMeanwhile)) throw error;
    return takeThreadReply(needs, heard, said);
  }
  return true;
}

/** Of a merged ticket it is for the one in which its work goes on. */
async function takeWritten(
  needs: Needs,
  own: ThreadTicket,
  at: MessageAddress,
  said: ReadThreadEvent,
): Promise<void> {
  const { db, people, agentsChannel } = needs;
  const ticket = await ticketAtWork(db, own);
  const { userId, body, fileIds } = said;
  const { teamId, channelId, ts } = at;
  const [isAnswer, name] = await Promise.all([
    isAgent(people, agentsChannel, { teamId, userId }),
    nameOf(people, ticket, { teamId, userId }),
  ]);
  const goesOn = ticket.status === "closed" && !isAnswer;
  if (goesOn && (await fileFollowUp(db, ticket, at, { ...said, name }))) return;
  await takeStep(
    db,
    { accountId: ticket.account_id, ticketId: ticket.id },
    {
      step: isAnswer ? "reply" : "inform",
      by: { kind: isAnswer ? "agent" : "requester", userId, name },
      body, // of files alone there are none, until an edit adds some
      ...(fileIds.length > 0 && { files: { teamId, ids: fileIds } }),
      delivery: { source: "slack.message", key: `${teamId}+${channelId}+${ts}` },
      message: { ...at, threadTs: said.threadTs, isElsewhere: ticket !== own },
    },
  );
}

async function ticketAtWork(db: Db, ticket: ThreadTicket): Promise<ThreadTicket> {
  const { account_id: accountId, merged_into_id: ticketId } = ticket;
  return ticketId ? findTicket(db, { accountId, ticketId }) : ticket;
}

/** It may come before what it changes: that is then taken first, as it is now. Whose it was then, it stays. */
async function takeChange(
  needs: Needs,
  ticket: ThreadTicket,
  at: MessageAddress,
  said: Exclude<ReadThreadEvent, { did: "write" }>,
): Promise<void> {
  const { db } = needs;
  const { account_id: accountId } = ticket;
  let ref = await findTicketOfComment(db, accountId, at);
  if (!ref) {
    const wasBefore = Number(said.ts) * 1000 < ticket.created_at.getTime();
    if (wasBefore || isBare(said)) return; // the thread is older than the ticket, and so is this
    await takeWritten(needs, ticket, at, said);
    ref = await findTicketOfComment(db, accountId, at);
  }
  await changeComment(db, ref ?? refOf(ticket), at, said);
}

/** Whether what is written there is for support. RetryLater while that cannot be said. */
export async function isOfTicket(
  needs: Pick<Needs, "db" | "agentsChannel">,
  heard: Heard,
  at: InThread,
): Promise<boolean> {
  return (await ticketOf(needs, heard, at, findTicketOfThread)) !== undefined;
}

function isBare({ text, fileIds }: ThreadEvent): boolean {
  return text === "" && fileIds.length === 0;
}

async function ticketOf<T>(
  { db, agentsChannel }: Pick<Needs, "db" | "agentsChannel">,
  heard: Heard,
  { channelId, threadTs, parentUserId }: InThread,
  find: (
    db: Db,
    thread: { teamId: string; channelId: string; threadTs: string },
  ) => Promise<T | undefined>,
): Promise<T | undefined> {
  const { teamId } = heard;
  const found = await find(db, { teamId, channelId, threadTs });
  if (found) return found;
  const isTriage = agentsChannel.teamId === teamId && agentsChannel.channelId === channelId;
  if (!isTriage) mustNotBeNew(heard, { threadTs, parentUserId });
  return undefined;
}

/** Our card stands in Slack a moment before we know where: whoever answers it at once is heard the next time. */
export function mustNotBeNew(
  { botUserId }: Heard,
  { threadTs, parentUserId }: Pick<InThread, "threadTs" | "parentUserId">,
): void {
  const isOurs = botUserId !== undefined && parentUserId === botUserId;
  const isNew = Date.now() / 1000 - Number(threadTs) < NEW_S;
  if (isOurs && isNew) throw new RetryLater("the card of this thread may not be saved yet");
}

async function nameOf(people: People, ticket: ThreadTicket, at: PersonAddress): Promise<string> {
  const isRequester = at.userId === ticket.requester_user_id;
  return (await nameIn(people, at)) ?? (isRequester ? ticket.requester_name : at.userId);
}

/** What is kept of it are the words that a person reads. */
export async function readSaid(
  people: People,
  { teamId }: Heard,
  said: ThreadEvent,
): Promise<ReadThreadEvent> {
  return { ...said, body: await readWithNames(people, teamId, said.text) };
}

/** Slack's silence about a person must not cost us their words. */
export async function nameIn(people: People, at: PersonAddress): Promise<string | undefined> {
  const person = people.known(at) ?? (await people.ask(at, "quick").catch(() => undefined));
  return person?.name;
}

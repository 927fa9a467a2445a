import { sql } from "kysely";
import { z } from "zod";
import type { Place } from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import { isTaken, onceDelivered, RepeatedDelivery, type Source } from "#db/inbox.ts";
import { Problem, RetryLater } from "#errors.ts";
import { mailLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import type { MessageAddress } from "#slack/messenger.ts";
import { refOf, takeFiles, tellAgents, tellCustomer } from "./outbox.ts";
import { priorityNow } from "./priority.ts";
import { insertFiledTicket, isInSlack, lockTicket, type NewTicket, type Ticket } from "./store.ts";
import {
  findFollowUp,
  findThreadTicket,
  moveThread,
  type ThreadPlace,
  type ThreadTicket,
} from "./store-cards.ts";
import type { SentFiles } from "./store-files.ts";
import { type Actor, insertEvent } from "./store-history.ts";
import type { ReadThreadEvent } from "./thread-event.ts";
import { ticketNumber } from "./ticket.ts";

const NO_CONTACT = { contact_for_high: false }; // what is not high needs none
const Answer = z.object({ number: z.string() });

type Requester = Pick<
  NewTicket,
  "requester_team_id" | "requester_user_id" | "requester_name" | "requester_email"
>;
/** What goes on with a ticket. What it is about is as it was; nobody has said that it is urgent again. */
type FollowUp = {
  subject: string;
  description: string;
  requester: Requester;
  by: Actor;
  /** Absent for a ticket of the web form. */
  place: Place | undefined;
  /** The old ticket's, which is the new one's from now on. */
  thread: ThreadPlace | undefined;
  /** The message in it that opens this one. */
  messageTs?: string;
  files?: SentFiles;
  delivery: { source: Source; key: string };
};

/**
 * What is said to a closed ticket is a new ticket, linked to it, and the thread is that one's from now on. RetryLater:
 * somebody else was first. False: their account may not file tickets any more.
 */
export async function fileFollowUp(
  db: Db,
  closed: ThreadTicket,
  at: MessageAddress,
  said: ReadThreadEvent & { name: string },
): Promise<boolean> {
  const { teamId, channelId, ts } = at;
  const { userId, name, fileIds } = said;
  const delivery = { source: "slack.message", key: `${teamId}+${channelId}+${ts}` } as const;
  const filing = onceDelivered(db, { ...delivery, answer: Answer }, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, refOf(closed));
      const thread = { ...at, threadTs: said.threadTs };
      const owner = await findThreadTicket(tx, thread);
      if ((owner?.merged_into_id ?? owner?.id) !== ticket.id)
        throw new RetryLater("the thread has another ticket now");
      return follow(tx, ticket, {
        subject: ticket.subject,
        description: said.body || ticket.subject, // of files alone
        requester: {
          requester_team_id: teamId,
          requester_user_id: userId,
          requester_name: name,
        },
        by: { kind: "requester", userId, name },
        ...{ place: { teamId, channelId }, thread, messageTs: ts, delivery },
        ...(fileIds.length > 0 && { files: { teamId, ids: fileIds } }),
      });
    }),
  );
  return filing.then(() => true, orNotAllowed);
}

function orNotAllowed(error: unknown): false {
  if (error instanceof Problem && error.code === "no-account") return false;
  throw error;
}

/** What an agent writes, or a visitor on the page of theirs. */
export type Opened = Pick<FollowUp, "subject" | "description" | "by" | "delivery">;

/**
 * An agent goes on with a ticket that has ended, for its requester, or a visitor does with their own. A closed one leaves its thread to the new one; a
 * solved one keeps it, for it may be reopened there.
 */
export async function openFollowUp(
  db: Db,
  ended: Ticket,
  opened: Opened,
): Promise<{ number: string }> {
  return onceDelivered(db, { ...opened.delivery, answer: Answer }, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, refOf(ended));
      const { source, key } = opened.delivery;
      if (await isTaken(tx, source, key)) throw new RepeatedDelivery(key);
      await mustBeToFollow(tx, ticket);
      const thread = await threadToMove(tx, ticket);
      const filing = follow(tx, ticket, {
        ...opened,
        requester: requesterOf(ticket),
        place: thread ?? placeOf(ticket),
        thread,
      });
      return filing.catch((error: unknown) => whyNot(ticket, error));
    }),
  );
}

/** A Problem when it has not ended, or another ticket goes on with it. */
export async function mustBeToFollow(db: Db, ticket: Ticket): Promise<void> {
  const number = ticketNumber(ticket);
  const hasEnded = ticket.status === "solved" || ticket.status === "closed";
  if (!hasEnded) throw new Problem("not-ended", { number });
  const { merged_into_number: into } = ticket;
  const next = into ? { number: into, card_url: null } : await findFollowUp(db, refOf(ticket));
  if (!next) return;
  const url = next.card_url ? new URL(next.card_url) : undefined;
  throw new Problem("has-follow-up", { number, next: ticketNumber(next), url });
}

function requesterOf(ticket: Ticket): Requester {
  const { requester_team_id, requester_user_id, requester_name, requester_email } = ticket;
  return { requester_team_id, requester_user_id, requester_name, requester_email };
}

function placeOf(ticket: Ticket): Place | undefined {
  if (!isInSlack(ticket)) return undefined;
  return { teamId: ticket.asked_team_id, channelId: ticket.asked_channel_id };
}

async function threadToMove(tx: Tx, ticket: Ticket): Promise<ThreadPlace | undefined> {
  const { card_channel_id: channelId, card_ts: ts, card_thread_ts: root } = ticket;
  if (ticket.status !== "closed" || !isInSlack(ticket) || !channelId || !ts) return undefined;
  const thread = { teamId: ticket.asked_team_id, channelId, threadTs: root ?? ts };
  const owner = await findThreadTicket(tx, thread);
  return owner?.id === ticket.id ? thread : undefined;
}

function whyNot(ticket: Ticket, error: unknown): never {
  if (!(error instanceof Problem) || error.code !== "no-account") throw error;
  throw new Problem("account-not-paid", { number: ticketNumber(ticket) }, { cause: error });
}

/** In a transaction that has locked the ticket. */
async function follow(tx: Tx, ticket: Ticket, next: FollowUp): Promise<{ number: string }> {
  const { by, place, thread, files, delivery } = next;
  const filed = await insertFiledTicket(tx, rowOf(ticket, next), {
    accountId: sql`${ticket.account_id}`,
    ...(place && { place }),
    ...(by.kind === "agent" && { by }),
    delivery,
  });
  if (!filed) throw new RepeatedDelivery(delivery.key);
  const ref = { accountId: filed.accountId, ticketId: filed.id };
  if (thread) await moveThread(tx, ref, thread);
  if (files) await takeFiles(tx, ref, files);
  await enqueue(tx, "ticket.file", ref);
  if (!place) await enqueue(tx, "ticket.mail-filed", ref, { lane: mailLane(ref.ticketId) });
  const number = ticketNumber(filed);
  await noteFollowUp(tx, ticket, next, number);
  return { number };
}

function rowOf(ticket: Ticket, next: FollowUp): NewTicket {
  const { subject, description, requester, by, messageTs } = next;
  const { what, who, workaround, language, topic, topic_name } = ticket;
  return {
    ...{ subject, description, what, who, workaround, language, topic, topic_name },
    priority: priorityNow({ asked: "normal", facts: ticket, hasContact: false }, NO_CONTACT),
    ...requester,
    follows_id: ticket.id,
    follows_number: ticket.number,
    ...(by.kind === "agent" && { opened_by_name: by.name }),
    ...(messageTs && { asked_message_ts: messageTs }),
  };
}

/** The customer's thread says where it goes on, unless the new card comes there. */
async function noteFollowUp(
  tx: Tx,
  ticket: Ticket,
  { by, thread }: FollowUp,
  number: string,
): Promise<void> {
  const historyId = await insertEvent(tx, ticket, { event: "followed-up", by, detail: { number } });
  await tellAgents(tx, ticket, historyId);
  if (!thread && isInSlack(ticket)) await tellCustomer(tx, ticket, historyId);
}

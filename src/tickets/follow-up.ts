import { sql } from "kysely";
import { z } from "zod";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, RepeatedDelivery } from "#db/inbox.ts";
import { Problem, RetryLater } from "#errors.ts";
import { enqueue } from "#jobs/queue.ts";
import type { MessageAddress } from "#slack/messenger.ts";
import { refOf, takeFiles, tellAgents } from "./outbox.ts";
import { priorityNow } from "./priority.ts";
import { insertFiledTicket, lockTicket, type Ticket } from "./store.ts";
import { findTicketOfThread, moveThread } from "./store-cards.ts";
import { insertHistory } from "./store-history.ts";
import type { ThreadEvent } from "./thread-event.ts";
import { ticketNumber } from "./ticket.ts";

const NO_CONTACT = { contact_for_high: false }; // what is not high needs none

/**
 * What is said to a closed ticket is a new ticket, linked to it, and the thread is that one's from now on. What it
 * is about is as it was; nobody has said that it is urgent again. RetryLater: somebody else was first.
 * False: their account may not file tickets any more.
 */
export async function fileFollowUp(
  db: Db,
  closed: Ticket,
  at: MessageAddress,
  said: ThreadEvent & { name: string },
): Promise<boolean> {
  const key = `${at.teamId}+${at.channelId}+${at.ts}`;
  const delivery = {
    source: "slack.message",
    key,
    answer: z.object({ number: z.string() }),
  } as const;
  const filing = onceDelivered(db, delivery, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, refOf(closed));
      const thread = { ...at, threadTs: said.threadTs };
      const owner = await findTicketOfThread(tx, thread);
      const filed =
        owner?.ticketId === ticket.id &&
        (await insertFiledTicket(tx, rowOf(ticket, at, said), {
          accountId: sql`${ticket.account_id}`,
          place: { teamId: at.teamId, channelId: at.channelId },
          delivery,
        }));
      if (filed === false) throw new RetryLater("the thread has another ticket now");
      if (!filed) throw new RepeatedDelivery(key);
      const ref = { accountId: filed.accountId, ticketId: filed.id };
      await moveThread(tx, ref, thread);
      if (said.fileIds.length > 0)
        await takeFiles(tx, ref, { teamId: at.teamId, ids: said.fileIds });
      await enqueue(tx, "ticket.file", ref);
      const number = ticketNumber(filed);
      await noteFollowUp(tx, ticket, said, number);
      return { number };
    }),
  );
  return filing.then(() => true, orNotAllowed);
}

function orNotAllowed(error: unknown): false {
  if (error instanceof Problem && error.code === "no-account") return false;
  throw error;
}

function rowOf(ticket: Ticket, { teamId }: MessageAddress, said: ThreadEvent & { name: string }) {
  const { subject, what, who, workaround, language, topic, topic_name } = ticket;
  return {
    ...{ subject, what, who, workaround, language, topic, topic_name },
    description: said.text || subject, // of files alone
    priority: priorityNow({ asked: "normal", facts: ticket, hasContact: false }, NO_CONTACT),
    requester_team_id: teamId,
    requester_user_id: said.userId,
    requester_name: said.name,
    follows_id: ticket.id,
    follows_number: ticket.number,
  };
}

async function noteFollowUp(
  tx: Tx,
  ticket: Ticket,
  { userId, name }: { userId: string; name: string },
  number: string,
): Promise<void> {
  const historyId = await insertHistory(tx, {
    account_id: ticket.account_id,
    ticket_id: ticket.id,
    event: "followed-up",
    actor_kind: "requester",
    actor_user_id: userId,
    actor_name: name,
    detail: JSON.stringify({ number }),
  });
  await tellAgents(tx, ticket, historyId);
}

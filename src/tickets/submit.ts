import { z } from "zod";
import { accountIdAt, hasAccountAt } from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, RepeatedDelivery } from "#db/inbox.ts";
import type { Language } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { methodLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import type { FromMessage } from "./form-place.ts";
import { takeFiles } from "./outbox.ts";
import { contactColumns, insertFiledTicket, type NamedPerson, type TicketRef } from "./store.ts";
import { claimThread } from "./store-cards.ts";
import { type TicketDraft, ticketNumber } from "./ticket.ts";

/** Who asked, where, and a key that is the same when Slack sends it twice. */
export type Origin = {
  key: string;
  teamId: string;
  channelId: string;
  /** In that channel: the one it was filed from. */
  message?: FromMessage | undefined;
  requester: { userId: string; name: string; language: Language };
  /** The run of the workflow's step that filed it: it is told the number. */
  stepRun?: string | undefined;
  /** What the topic and the contact of the draft are called; as the draft, absent where there is none. */
  topicName?: string | undefined;
  contact?: NamedPerson | undefined;
};

const Answer = z.object({ number: z.string() });

/** Saved when this returns. A repeated submission answers with the ticket of the first. */
export async function submitTicket(
  db: Db,
  draft: TicketDraft,
  origin: Origin,
): Promise<{ number: string }> {
  const { key } = origin;
  const delivery = { source: "slack.view", key, answer: Answer } as const;
  return onceDelivered(db, delivery, () =>
    db
      .transaction()
      .execute(async (tx) => {
        const ticket = await insertFiledTicket(tx, rowOf(draft, origin), {
          accountId: accountIdAt(origin),
          place: origin,
          delivery,
        });
        if (!ticket) throw new RepeatedDelivery(key);
        const number = ticketNumber(ticket);
        const ref = { accountId: ticket.accountId, ticketId: ticket.id };
        await goOn(tx, ref, origin);
        if (draft.files) await takeFiles(tx, ref, { teamId: origin.teamId, ids: draft.files });
        await endStep(tx, number, origin);
        return { number };
      })
      .catch((error: unknown) => whyNot(db, origin, error)),
  );
}

async function goOn(tx: Tx, ref: TicketRef, origin: Origin): Promise<void> {
  const { teamId, channelId, message, contact } = origin;
  if (contact) await enqueue(tx, "ticket.review", { ...ref, reason: "policy" });
  if (!message) return enqueue(tx, "ticket.file", ref);
  await claimThread(tx, ref, { teamId, channelId, threadTs: message.threadTs });
  await enqueue(tx, "ticket.link-message", ref);
}

async function endStep(tx: Tx, number: string, { teamId, stepRun }: Origin): Promise<void> {
  if (!stepRun) return;
  const lane = methodLane(teamId, "functions.complete");
  await enqueue(tx, "ticket.end-step", { teamId, executionId: stepRun, number }, { lane });
}

function rowOf(draft: TicketDraft, { teamId, requester, topicName, contact, message }: Origin) {
  const { topic, why, contact: _asked, files: _ids, ...facts } = draft;
  return {
    ...facts,
    language: requester.language,
    requester_team_id: teamId,
    requester_user_id: requester.userId,
    requester_name: requester.name,
    ...(topic && { topic, topic_name: topicName ?? topic }),
    ...(message && { asked_message_ts: message.ts }),
    ...(why && { why }),
    ...(contact && contactColumns(contact)),
  };
}

/** No account may file here: there is none, or its plan has no tickets. */
async function whyNot(db: Db, place: Origin, error: unknown): Promise<never> {
  const isNobody = error instanceof Problem && error.code === "no-account";
  if (!isNobody || !(await hasAccountAt(db, place))) throw error;
  throw new Problem("free-plan", {}, { cause: error });
}

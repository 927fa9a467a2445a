import { z } from "zod";
import { accountIdAt, hasAccountAt } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { onceDelivered, RepeatedDelivery } from "#db/inbox.ts";
import type { Language } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { enqueue } from "#jobs/queue.ts";
import { insertFiledTicket } from "./store.ts";
import { type TicketDraft, ticketNumber } from "./ticket.ts";

/** Who asked, where, and a key that is the same when Slack sends it twice. */
export type Origin = {
  key: string;
  teamId: string;
  channelId: string;
  requester: { userId: string; name: string; language: Language };
  /** What the topic and the contact of the draft are called; as the draft, absent where there is none. */
  topicName?: string | undefined;
  contact?: { teamId: string; userId: string; name: string } | undefined;
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
        await enqueue(tx, "ticket.file", { accountId: ticket.accountId, ticketId: ticket.id });
        return { number: ticketNumber(ticket) };
      })
      .catch((error: unknown) => whyNot(db, origin, error)),
  );
}

function rowOf(draft: TicketDraft, { teamId, requester, topicName, contact }: Origin) {
  const { topic, why, contact: _asked, ...facts } = draft;
  return {
    ...facts,
    language: requester.language,
    requester_team_id: teamId,
    requester_user_id: requester.userId,
    requester_name: requester.name,
    ...(topic && { topic, topic_name: topicName ?? topic }),
    ...(why && { why }),
    ...(contact && {
      contact_team_id: contact.teamId,
      contact_user_id: contact.userId,
      contact_name: contact.name,
    }),
  };
}

/** No account may file here: there is none, or its plan has no tickets. */
async function whyNot(db: Db, place: Origin, error: unknown): Promise<never> {
  const isNobody = error instanceof Problem && error.code === "no-account";
  if (!isNobody || !(await hasAccountAt(db, place))) throw error;
  throw new Problem("free-plan", {}, { cause: error });
}

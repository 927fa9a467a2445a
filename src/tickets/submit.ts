import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { onceDelivered, RepeatedDelivery } from "#db/inbox.ts";
import type { Language } from "#db/tables.ts";
import { enqueue } from "#jobs/queue.ts";
import { insertFiledTicket } from "./store.ts";
import { type TicketDraft, ticketNumber } from "./ticket.ts";

/** Who asked, where, and a key that is the same when Slack sends it twice. */
export type Origin = {
  key: string;
  teamId: string;
  channelId: string;
  requester: { userId: string; name: string; language: Language };
};

const Answer = z.object({ number: z.string() });

/** Saved when this returns. A repeated submission answers with the ticket of the first. */
export async function submitTicket(
  db: Db,
  draft: TicketDraft,
  origin: Origin,
): Promise<{ number: string }> {
  const { key, teamId, requester } = origin;
  const delivery = { source: "slack.view", key, answer: Answer } as const;
  return onceDelivered(db, delivery, () =>
    db.transaction().execute(async (tx) => {
      const row = {
        ...draft,
        language: requester.language,
        requester_team_id: teamId,
        requester_user_id: requester.userId,
        requester_name: requester.name,
      };
      const ticket = await insertFiledTicket(tx, row, { place: origin, delivery });
      if (!ticket) throw new RepeatedDelivery(key);
      await enqueue(tx, "ticket.file", { accountId: ticket.accountId, ticketId: ticket.id });
      return { number: ticketNumber(ticket) };
    }),
  );
}

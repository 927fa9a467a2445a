import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { onceDelivered, type Source, takeDelivery } from "#db/inbox.ts";
import { Problem } from "#errors.ts";
import { refOf, tellAgents } from "./outbox.ts";
import { lockTicket, type Ticket } from "./store.ts";
import { type Score, saveScore } from "./store-ending.ts";
import { insertEvent } from "./store-history.ts";
import { mustNotBeMerged, ticketNumber } from "./ticket.ts";

/** How the requester found the help, once the ticket is closed; they may think again. The agents read it. */
export async function rate(
  db: Db,
  { account_id, id }: Pick<Ticket, "account_id" | "id">,
  rated: { score: Score; words?: string; delivery: { source: Source; key: string } },
): Promise<void> {
  const { score, words, delivery } = rated;
  const { source, key } = delivery;
  await onceDelivered(db, { source, key, answer: z.object({}) }, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, refOf({ account_id, id }));
      mustNotBeMerged(ticket);
      if (ticket.status !== "closed")
        throw new Problem("not-closed", { number: ticketNumber(ticket) });
      await takeDelivery(tx, source, key);
      await saveScore(tx, refOf(ticket), { score, words });
      const { requester_user_id: userId, requester_name: name } = ticket;
      const historyId = await insertEvent(tx, ticket, {
        event: "rated",
        by: { kind: "requester", userId, name },
        detail: { score, ...(words !== undefined && { words }) },
      });
      await tellAgents(tx, ticket, historyId);
      return {};
    }),
  );
}

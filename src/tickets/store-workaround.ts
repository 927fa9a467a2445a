import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { TicketRef } from "./store.ts";

const NOW = sql<Date>`deskline_now()`;

/** One offer waits for an answer at a time: a new one takes the place of the one before, whose id it answers. */
export async function insertOffer(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
  { id, helps }: { id: string; helps: "limited" | "yes" },
): Promise<string | undefined> {
  const replaced = await tx
    .updateTable("workaround_offer")
    .set({ answer: "replaced", answered_at: NOW })
    .where("account_id", "=", accountId)
    .where("ticket_id", "=", ticketId)
    .where("answer", "is", null)
    .returning("id")
    .executeTakeFirst();
  await tx
    .insertInto("workaround_offer")
    .values({ id, account_id: accountId, ticket_id: ticketId, workaround: helps })
    .execute();
  return replaced?.id;
}

/** Whether it still waits for an answer. */
export async function isOfferOpen(
  db: Db,
  { accountId, ticketId }: TicketRef,
  id: string,
): Promise<boolean> {
  const offer = await db
    .selectFrom("workaround_offer")
    .select("id")
    .where("account_id", "=", accountId)
    .where("ticket_id", "=", ticketId)
    .where("id", "=", id)
    .where("answer", "is", null)
    .executeTakeFirst();
  return offer !== undefined;
}

/** Answers how far it helps; undefined when it was answered before. */
export async function answerOffer(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
  { id, answer }: { id: string; answer: "accepted" | "disputed" },
): Promise<"limited" | "yes" | undefined> {
  const offer = await tx
    .updateTable("workaround_offer")
    .set({ answer, answered_at: NOW })
    .where("account_id", "=", accountId)
    .where("ticket_id", "=", ticketId)
    .where("id", "=", id)
    .where("answer", "is", null)
    .returning("workaround")
    .executeTakeFirst();
  return offer?.workaround;
}

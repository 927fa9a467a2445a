import { type Insertable, type Selectable, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Tables } from "#db/tables.ts";
import type { TicketRef } from "./store.ts";

export type HistoryRow = Selectable<Tables["ticket_history"]>;
export type Comment = Selectable<Tables["comment"]>;

export async function insertHistory(
  tx: Tx,
  row: Insertable<Tables["ticket_history"]>,
): Promise<string> {
  const { id } = await tx
    .insertInto("ticket_history")
    .values(row)
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function findHistory(db: Db, ref: TicketRef, id: string): Promise<HistoryRow> {
  return db
    .selectFrom("ticket_history")
    .selectAll()
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
}

/** A comment has the id of the history row that tells of it. */
export async function insertComment(tx: Tx, comment: Insertable<Tables["comment"]>) {
  await tx.insertInto("comment").values(comment).execute();
}

export async function findComment(
  db: Db,
  ref: TicketRef,
  id: string,
): Promise<Comment | undefined> {
  return db
    .selectFrom("comment")
    .selectAll()
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** What went wrong for good with a ticket, as its history has it. */
export type Failure = "desk-refused" | "unreachable";

export async function insertFailure(
  tx: Tx,
  ref: TicketRef,
  failure: { event: Failure; reference: string },
): Promise<string> {
  return insertHistory(tx, {
    account_id: ref.accountId,
    ticket_id: ref.ticketId,
    event: failure.event,
    actor_kind: "deskline",
    actor_user_id: null,
    actor_name: "Deskline",
    detail: JSON.stringify({ reference: failure.reference }),
  });
}

/** How the operator finds the filing that the desk refused; undefined when it did not. */
export async function findRefusal(db: Db, ref: TicketRef): Promise<string | undefined> {
  const row = await db
    .selectFrom("ticket_history")
    .select(sql<string>`detail ->> 'reference'`.as("reference"))
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("event", "=", "desk-refused" satisfies Failure)
    .orderBy("at", "desc")
    .executeTakeFirst();
  return row?.reference;
}

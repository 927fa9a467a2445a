import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Tables } from "#db/tables.ts";
import type { TicketRef } from "./store.ts";

/** As Slack knows it, in the workspace of the agent. */
export type OutgoingFile = { id: string; name: string };
export type Outgoing = Selectable<Tables["outgoing_comment"]>;
export type OutgoingRef = TicketRef & { outgoingId: string };
export type NewOutgoing = Pick<
  Outgoing,
  "team_id" | "view_id" | "step" | "helps" | "body" | "files" | "author_user_id" | "author_name"
>;

/** As the form says it now, with the files of before where none are chosen now; what has left the form stays as it was. */
export async function saveOutgoing(
  db: Db,
  ref: TicketRef,
  written: NewOutgoing,
): Promise<Outgoing | undefined> {
  const { step, helps, body } = written;
  const files = JSON.stringify(written.files);
  return db
    .insertInto("outgoing_comment")
    .values({ account_id: ref.accountId, ticket_id: ref.ticketId, ...written, files })
    .onConflict((oc) =>
      oc
        .columns(["team_id", "view_id"])
        .doUpdateSet({
          ...{ step, helps, body },
          ...(written.files.length > 0 && { files }),
        })
        .where("outgoing_comment.state", "=", "draft")
        .where("outgoing_comment.ticket_id", "=", ref.ticketId),
    )
    .returningAll()
    .executeTakeFirst();
}

export async function findOutgoing(db: Db, ref: OutgoingRef): Promise<Outgoing | undefined> {
  return db
    .selectFrom("outgoing_comment")
    .selectAll()
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", ref.outgoingId)
    .executeTakeFirst();
}

/** Undefined: it has left the form. */
export async function saveNoFiles(db: Db, ref: OutgoingRef): Promise<Outgoing | undefined> {
  return change(db, ref)
    .set({ files: "[]" })
    .where("state", "=", "draft")
    .returningAll()
    .executeTakeFirst();
}

/** When it leaves; undefined when it was on its way before. */
export async function saveSending(
  tx: Tx,
  ref: OutgoingRef,
  undoSeconds: number,
): Promise<Date | undefined> {
  const row = await change(tx, ref)
    .set({ state: "waiting", sends_at: sql`deskline_now() + ${undoSeconds} * interval '1 second'` })
    .where("state", "=", "draft")
    .returning("sends_at")
    .executeTakeFirst();
  return row?.sends_at ?? undefined;
}

/** It does not wait any longer. False: it does not wait. */
export async function saveHurried(tx: Tx, ref: OutgoingRef): Promise<boolean> {
  const { numUpdatedRows } = await change(tx, ref)
    .set({ sends_at: sql`deskline_now()` })
    .where("state", "=", "waiting")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Back in the form. Undefined: it has left. */
export async function saveUndone(db: Db, ref: OutgoingRef): Promise<Outgoing | undefined> {
  return change(db, ref)
    .set({ state: "draft", sends_at: null })
    .where("state", "=", "waiting")
    .returningAll()
    .executeTakeFirst();
}

/** In the transaction of its step. False: it was undone, or its time has not come. */
export async function saveSent(tx: Tx, ref: OutgoingRef): Promise<boolean> {
  const { numUpdatedRows } = await change(tx, ref)
    .set({ state: "sent" })
    .where("state", "in", ["waiting", "failed"]) // an operator may try again
    .where("sends_at", "<=", sql<Date>`deskline_now()`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function saveFailed(tx: Tx, ref: OutgoingRef): Promise<Outgoing | undefined> {
  return change(tx, ref)
    .set({ state: "failed" })
    .where("state", "=", "waiting")
    .returningAll()
    .executeTakeFirst();
}

function change(db: Db | Tx, ref: OutgoingRef) {
  return db
    .updateTable("outgoing_comment")
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", ref.outgoingId);
}

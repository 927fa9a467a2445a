import type { Selectable } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Tables } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import type { TicketRef } from "./store.ts";
import type { OutgoingFile } from "./store-outgoing.ts";

/** A file that an agent sends to a customer. */
export type SentFile = Selectable<Tables["sent_file"]>;
export type SentFileRef = TicketRef & { sentFileId: string };

/** In their order. */
export async function insertSentFiles(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
  sent: { historyId: string; teamId: string; agentName: string; files: readonly OutgoingFile[] },
): Promise<string[]> {
  const rows = sent.files.map(({ id, name }) => ({
    account_id: accountId,
    ticket_id: ticketId,
    history_id: sent.historyId,
    team_id: sent.teamId,
    file_id: id,
    name,
    agent_name: sent.agentName,
  }));
  const inserted = await tx.insertInto("sent_file").values(rows).returning("id").execute();
  return inserted.map(({ id }) => id);
}

export async function findSentFile(db: Db, ref: SentFileRef): Promise<SentFile> {
  return db
    .selectFrom("sent_file")
    .selectAll()
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", ref.sentFileId)
    .executeTakeFirstOrThrow(() => new Problem("ticket-not-found", {}));
}

/** Whether a file that came with this step was meant for the customer as well. */
export async function isSentFile(
  db: Db,
  ref: TicketRef,
  { historyId, fileId }: { historyId: string; fileId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom("sent_file")
    .select("id")
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("history_id", "=", historyId)
    .where("file_id", "=", fileId)
    .executeTakeFirst();
  return row !== undefined;
}

export async function saveSentUpload(tx: Tx, ref: SentFileRef, uploadId: string): Promise<void> {
  await updateSentFile(tx, ref).set({ upload_id: uploadId }).execute();
}

export async function saveSentFile(db: Db, ref: SentFileRef): Promise<void> {
  await updateSentFile(db, ref).set({ state: "sent" }).execute();
}

/** Undefined: that was known before, or the customer has it. */
export async function saveUnsent(tx: Tx, ref: SentFileRef): Promise<SentFile | undefined> {
  return updateSentFile(tx, ref)
    .set({ state: "refused" })
    .where("state", "=", "waiting")
    .returningAll()
    .executeTakeFirst();
}

function updateSentFile(db: Db, ref: SentFileRef) {
  return db
    .updateTable("sent_file")
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", ref.sentFileId);
}

import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Tables } from "#db/tables.ts";
import { type FileFault, Problem } from "#errors.ts";
import { type Ticket, type TicketRef, updateTicket } from "./store.ts";

const ALL_OF_FILE = ["id", "team_id", "file_id", "agent_name", "name", "size", "sha256"] as const;
const STATE = ["upload_id", "state", "why", "created_at"] as const;
export type Attachment = Pick<
  Selectable<Tables["attachment"]>,
  (typeof ALL_OF_FILE)[number] | (typeof STATE)[number]
>;
/** What came with a ticket or a step, and the workspace whose app heard of it; with a name, an agent sent it. */
export type SentFiles = { teamId: string; ids: readonly string[]; agentName?: string };
export type AttachmentRef = TicketRef & { attachmentId: string };

/** Those that are new to the ticket, in their order; the same file twice is one. */
export async function insertAttachments(
  tx: Tx,
  ref: TicketRef,
  files: SentFiles,
): Promise<string[]> {
  const rows = files.ids.map((file_id) => ({
    account_id: ref.accountId,
    ticket_id: ref.ticketId,
    team_id: files.teamId,
    file_id,
    agent_name: files.agentName ?? null,
  }));
  if (rows.length === 0) return [];
  const inserted = await tx
    .insertInto("attachment")
    .values(rows)
    .onConflict((oc) => oc.columns(["account_id", "ticket_id", "file_id"]).doNothing())
    .returning("id")
    .execute();
  if (inserted.length > 0) {
    await updateTicket(tx, ref)
      .set((eb) => ({ attachments: eb("attachments", "+", inserted.length) }))
      .execute();
  }
  return inserted.map(({ id }) => id);
}

/** In the order in which they came. */
export async function findAttachments(db: Db, ref: TicketRef): Promise<Attachment[]> {
  return db
    .selectFrom("attachment")
    .select([...ALL_OF_FILE, ...STATE])
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .orderBy("seq")
    .execute();
}

export async function findAttachment(db: Db, ref: AttachmentRef): Promise<Attachment> {
  return db
    .selectFrom("attachment")
    .select([...ALL_OF_FILE, ...STATE])
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", ref.attachmentId)
    .executeTakeFirstOrThrow(() => new Problem("ticket-not-found", {}));
}

export type SeenFile = { name: string; size: number; sha256: string };

export async function saveName(db: Db, ref: AttachmentRef, name: string): Promise<void> {
  await updateAttachment(db, ref).set({ name }).where("name", "is", null).execute();
}

export async function saveUpload(
  tx: Tx,
  ref: AttachmentRef,
  { name, size, sha256, uploadId }: SeenFile & { uploadId: string },
): Promise<void> {
  await updateAttachment(tx, ref).set({ name, size, sha256, upload_id: uploadId }).execute();
}

export async function saveDelivered(tx: Tx, ref: AttachmentRef, file: SeenFile): Promise<void> {
  await updateAttachment(tx, ref)
    .set({ ...file, state: "delivered", why: null })
    .execute();
}

/** False: that was known before. */
export async function saveRefused(
  tx: Tx,
  ref: AttachmentRef,
  { name, why }: { name: string; why: FileFault },
): Promise<boolean> {
  const { numUpdatedRows } = await updateAttachment(tx, ref)
    .set({ name: sql<string>`coalesce(name, ${name})`, state: "refused", why })
    .where("state", "<>", "refused")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function updateAttachment(tx: Db, ref: AttachmentRef) {
  return tx
    .updateTable("attachment")
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", ref.attachmentId);
}

/** The cards show it: whoever drew one before draws it again. */
export async function touchTicket(tx: Tx, ref: TicketRef): Promise<Ticket> {
  return updateTicket(tx, ref).returningAll().executeTakeFirstOrThrow();
}

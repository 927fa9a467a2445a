import { randomUUID } from "node:crypto";
import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Tables } from "#db/tables.ts";
import { type FileFault, Problem } from "#errors.ts";
import { type Ticket, type TicketRef, updateTicket } from "./store.ts";

const WHOSE = ["id", "team_id", "file_id", "agent_name", "history_id"] as const;
const ALL_OF_FILE = [...WHOSE, "name", "size", "sha256"] as const;
const STATE = ["upload_id", "state", "why", "created_at"] as const;
export type Attachment = Pick<
  Selectable<Tables["attachment"]>,
  (typeof ALL_OF_FILE)[number] | (typeof STATE)[number]
>;
export type StandingAttachment = Attachment & { state: Exclude<Attachment["state"], "deleted"> };
/** What came with a ticket or a step, and the workspace whose app heard of it; with a name, an agent sent it. */
export type SentFiles = {
  teamId: string;
  ids: readonly string[];
  agentName?: string;
  /** The step that they came with; none for those of the form. */
  historyId?: string;
};
/** The jobs that bring one to where the ticket is worked on. */
export const CARRIERS = ["ticket.fetch-file", "ticket.share-file", "ticket.check-file"] as const;
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
    history_id: files.historyId ?? null,
  }));
  if (rows.length === 0) return [];
  const inserted = await tx
    .insertInto("attachment")
    .values(rows)
    .onConflict((oc) => oc.columns(["account_id", "ticket_id", "file_id"]).doNothing())
    .returning("id")
    .execute();
  if (inserted.length > 0) await countAttachments(tx, ref);
  return inserted.map(({ id }) => id);
}

/**
 * One that was sent on the page: the same content twice is one file of the ticket. What was refused begins anew. The
 * ticket is locked.
 */
export async function claimWebFile(tx: Tx, ref: TicketRef, file: SeenFile): Promise<Attachment> {
  const attachment = await tx
    .insertInto("attachment")
    .values({
      account_id: ref.accountId,
      ticket_id: ref.ticketId,
      team_id: null,
      file_id: `web-${file.sha256}`,
      ...file,
    })
    .onConflict((oc) =>
      oc.columns(["account_id", "ticket_id", "file_id"]).doUpdateSet({
        state: sql`case attachment.state when 'refused' then 'waiting' else attachment.state end`,
        upload_id: sql`case attachment.state when 'refused' then null else attachment.upload_id end`,
        why: null,
      }),
    )
    .returning([...ALL_OF_FILE, ...STATE])
    .executeTakeFirstOrThrow();
  await countAttachments(tx, ref);
  return attachment;
}

/** One of which nobody knows more than its name: it was refused as it came. */
export async function insertRefusedFile(
  tx: Tx,
  ref: TicketRef,
  { name, why }: { name: string; why: FileFault },
): Promise<void> {
  await tx
    .insertInto("attachment")
    .values({
      account_id: ref.accountId,
      ticket_id: ref.ticketId,
      team_id: null,
      file_id: `web-refused-${randomUUID()}`,
      ...{ name, state: "refused", why },
    })
    .execute();
  await countAttachments(tx, ref);
}

/** The ticket is locked. The cards show them: whoever drew one before draws it again. */
export async function countAttachments(tx: Tx, ref: TicketRef): Promise<Ticket> {
  const counted = ofCustomer(tx, ref).select(({ fn }) => fn.countAll<number>().as("count"));
  return updateTicket(tx, ref)
    .set({
      attachments: () => counted.where("state", "<>", "deleted"),
      refused_attachments: () => counted.where("state", "=", "refused"),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What the customer sent, in the order in which it came; without what was deleted. */
export async function findAttachments(db: Db, ref: TicketRef): Promise<StandingAttachment[]> {
  return ofCustomer(db, ref)
    .select([...ALL_OF_FILE, ...STATE])
    .where("state", "<>", "deleted")
    .$narrowType<Pick<StandingAttachment, "state">>()
    .orderBy("seq")
    .execute();
}

/** Without what agents sent, which goes to the desk in the same way. */
function ofCustomer(db: Db, ref: TicketRef) {
  return db
    .selectFrom("attachment")
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("agent_name", "is", null);
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
  await updateAttachment(db, ref)
    .set({ name })
    .where("name", "is", null)
    .where("state", "<>", "deleted")
    .execute();
}

/** The ticket is locked. False: it was deleted meanwhile, and what was uploaded is to go. */
export async function saveUpload(
  tx: Tx,
  ref: AttachmentRef,
  { uploadId, ...file }: SeenFile & { uploadId: string },
): Promise<boolean> {
  await updateAttachment(tx, ref).set({ upload_id: uploadId }).execute();
  const { numUpdatedRows } = await updateAttachment(tx, ref)
    .set(file)
    .where("state", "<>", "deleted")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** False: two at once sent it, and the other upload stands. */
export async function saveFirstUpload(
  tx: Tx,
  ref: AttachmentRef,
  uploadId: string,
): Promise<boolean> {
  const { numUpdatedRows } = await updateAttachment(tx, ref)
    .set({ upload_id: uploadId })
    .where("upload_id", "is", null)
    .where("state", "=", "waiting")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function saveDelivered(tx: Tx, ref: AttachmentRef, file: SeenFile): Promise<void> {
  await updateAttachment(tx, ref)
    .set({ ...file, state: "delivered", why: null })
    .where("state", "<>", "deleted")
    .execute();
}

/** False: that was known before, or it was deleted. */
export async function saveRefused(
  tx: Tx,
  ref: AttachmentRef,
  { name, why }: { name: string; why: FileFault },
): Promise<boolean> {
  const { numUpdatedRows } = await updateAttachment(tx, ref)
    .set({ name: sql<string>`coalesce(name, ${name})`, state: "refused", why })
    .where("state", "not in", ["refused", "deleted"])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Those that came with this step, or of them those with these ids in Slack: nothing of them stays but that they were
 * there. The ticket is locked, and counts the others alone by `countAttachments`. Answers which are news.
 */
export async function saveDeleted(
  tx: Tx,
  ref: TicketRef,
  { historyId, fileIds }: { historyId: string; fileIds?: readonly string[] },
): Promise<string[]> {
  const deleted = await tx
    .updateTable("attachment")
    .set({ state: "deleted", why: null, name: null, size: null, sha256: null })
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("history_id", "=", historyId)
    .where("state", "<>", "deleted")
    .$if(fileIds !== undefined, (qb) => qb.where("file_id", "in", fileIds ?? []))
    .returning("id")
    .execute();
  return deleted.map(({ id }) => id);
}

/** It is no longer where the agents had it in Slack. */
export async function forgetUpload(db: Db, ref: AttachmentRef): Promise<void> {
  await updateAttachment(db, ref).set({ upload_id: null }).where("state", "=", "deleted").execute();
}

/** Whether a job may still bring it to where the ticket is worked on. */
export async function isUnderWay(
  db: Db,
  { ticketId, attachmentId }: AttachmentRef,
): Promise<boolean> {
  const { rows } = await sql`
    select from job
    where payload ->> 'ticketId' = ${ticketId} and payload ->> 'attachmentId' = ${attachmentId}
      and name in (${sql.join(CARRIERS)}) and done_at is null and dead_at is null
    limit 1`.execute(db);
  return rows.length > 0;
}

function updateAttachment(tx: Db, ref: AttachmentRef) {
  return tx
    .updateTable("attachment")
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", ref.attachmentId);
}

import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { AgentsChannel } from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import type { Desk } from "#desk/desk.ts";
import { Refused, RetryLater } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import { enqueue } from "#jobs/queue.ts";
import { isForbiddenName, mediaTypeOf } from "#slack/file-types.ts";
import type { Files } from "#slack/files.ts";
import { attachFile } from "./attach-file.ts";
import { shareFile } from "./outbox.ts";
import { deliver, deskReferenceIn, type FileRefusal, recordRefusal } from "./settle-file.ts";
import { findTicket, lockTicket, type TicketRef } from "./store.ts";
import { momentIn } from "./store-contact.ts";
import {
  type Attachment,
  type AttachmentRef,
  claimWebFile,
  findAttachment,
  insertRefusedFile,
  saveFirstUpload,
} from "./store-files.ts";
import { insertFileRefused } from "./store-history.ts";

/** As a browser sent it. `name`: one line, without a path. `said`: the type it calls it by. */
export type SentFile = { name: string; said: string; bytes: Buffer; sha256: string };
/** Where it went, or why it did not. `isKnown`: the page tells of it already. */
export type PassedFile = { name: string } | { refusal: FileRefusal; isKnown: boolean };

type Needs = { db: Db; desk: Desk; files: Files; agentsChannel: AgentsChannel; log: Logger };

const DROP_MS = 15 * 60_000; // longer than a request may take
const PASS_MS = 60_000;

export type WebFiles = ReturnType<typeof createWebFiles>;

/**
 * The files of a ticket's page: from the request that brings them to where the ticket is worked on, and kept nowhere.
 * Row, passing on, row: whatever is cut off on this way is sent again by the visitor, and stays one file.
 */
export function createWebFiles({ db, desk, files, agentsChannel, log }: Needs) {
  return {
    /** False: the desk, which takes its files, does not have it yet. */
    canTake: ({ desk_id }: { desk_id: string | null }) => !desk.attach || desk_id !== null,

    /** RetryLater: not now. */
    async passOn(ref: TicketRef, sent: SentFile): Promise<PassedFile> {
      const { name } = sent;
      const mediaType = isForbiddenName(name)
        ? undefined
        : await mediaTypeOf(sent.bytes, sent.said);
      if (!mediaType) return { refusal: { name, why: "forbidden-type" }, isKnown: false };
      const attachment = await claim(ref, sent);
      const known = { name: attachment.name ?? name }; // as it was called first
      if (attachment.state === "delivered" || attachment.upload_id !== null) return known;
      const at = { ...ref, attachmentId: attachment.id };
      const file = { ...sent, ...known, mediaType, size: sent.bytes.length };
      await faultPoint("web-file.before-send");
      const refusal = await (desk.attach ? toDesk(at, attachment, file) : toAgents(at, file));
      return refusal ? { refusal, isKnown: true } : known;
    },
  };

  /** Its row, and the end of it should nobody come back. */
  async function claim(ref: TicketRef, { name, bytes, sha256 }: SentFile) {
    return db.transaction().execute(async (tx) => {
      await lockTicket(tx, ref);
      const claimed = await claimWebFile(tx, ref, { name, size: bytes.length, sha256 });
      if (claimed.state === "delivered" || claimed.upload_id !== null) return claimed;
      const drop = { ...ref, attachmentId: claimed.id };
      const runAt = await momentIn(tx, DROP_MS);
      await enqueue(tx, "ticket.drop-file", drop, { runAt });
      return claimed;
    });
  }

  type Looked = SentFile & { mediaType: string; size: number };

  async function toDesk(
    ref: AttachmentRef,
    { created_at: at }: Attachment,
    file: Looked,
  ): Promise<FileRefusal | undefined> {
    const ticket = await findTicket(db, ref);
    const { name, mediaType, size, sha256, bytes } = file;
    const sent = { attachmentId: ref.attachmentId, at, name, mediaType, size, sha256, bytes };
    try {
      await attachFile({ desk, ticket }, sent, AbortSignal.timeout(PASS_MS));
    } catch (error) {
      const refusal = refusalIn(name, error);
      await db.transaction().execute((tx) => recordRefusal(tx, ref, refusal));
      return refusal;
    }
    await faultPoint("web-file.after-send");
    await db.transaction().execute((tx) => deliver(tx, ref, { name, size, sha256 }));
    return undefined;
  }

  /** Nobody sees it before a job shares it in the thread of the triage card, where it is looked at once more. */
  async function toAgents(ref: AttachmentRef, file: Looked): Promise<undefined> {
    const signal = AbortSignal.timeout(PASS_MS);
    const mustHold = () => signal.throwIfAborted();
    const by = { signal, mustHold, keepLease: async () => mustHold() };
    const uploadId = await files.upload(by, agentsChannel.teamId, file);
    await faultPoint("web-file.after-send");
    await db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, ref);
      if (await saveFirstUpload(tx, ref, uploadId))
        return shareFile(tx, ticket, { ...ref, uploadId, again: false });
      const { state } = await findAttachment(tx, ref);
      if (state === "refused") throw new RetryLater("it was given up meanwhile");
    });
  }

  /** By the desk. Anything else is thrown. */
  function refusalIn(name: string, error: unknown): FileRefusal {
    const byDesk = deskReferenceIn(error);
    if (byDesk !== undefined) return { name, why: "desk-refused", reference: byDesk };
    if (!(error instanceof Refused)) throw error;
    const reference = randomUUID().slice(0, 8);
    log.error({ err: error, reference }, "a file of the web form was not passed on");
    return { name, why: "undelivered", reference };
  }
}

/** In the transaction of the reply that they came with, so that they are told once. */
export async function recordRefusals(
  tx: Tx,
  ref: TicketRef,
  refusals: readonly FileRefusal[],
): Promise<void> {
  for (const refusal of refusals) {
    await insertRefusedFile(tx, ref, refusal);
    await insertFileRefused(tx, ref, refusal);
  }
}

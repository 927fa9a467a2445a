import pLimit from "p-limit";
import { z } from "zod";
import type { Db } from "#db/connect.ts";
import type { DeskFile } from "#desk/desk.ts";
import { Problem, RetryLater } from "#errors.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { moveJob } from "#jobs/moves.ts";
import { once } from "#jobs/once.ts";
import { attachFile, attachKey } from "./attach-file.ts";
import type { TicketNeeds } from "./jobs.ts";
import { shareFile } from "./outbox.ts";
import { deliver, deskReferenceIn, type FileRefusal, giveFileUp, refuse } from "./settle-file.ts";
import { findTicket, lockTicket, type Ticket } from "./store.ts";
import {
  type Attachment,
  type AttachmentRef,
  findAttachment,
  saveName,
  saveUpload,
} from "./store-files.ts";

const AT_ONCE = 2; // in memory, 10 MB each, and more while one is sent to the desk
const Kept = z.object({ size: z.number(), sha256: z.string() });

/**
 * A file goes from Slack to where the ticket is worked on: to a desk that takes files, else to the agents' Slack. It is
 * in memory while it is passed on, and nowhere else.
 */
export function fileJobs(needs: TicketNeeds): Pick<Handlers, "ticket.fetch-file"> {
  const { db, desk, files, agentsChannel } = needs;
  const inMemory = pLimit(AT_ONCE);

  return {
    "ticket.fetch-file": {
      async run({ after, ...ref }, run) {
        const attachment = await findAttachment(db, ref);
        if (isDone(attachment, after)) return;
        const ticket = await findTicket(db, ref);
        if (desk.attach && !ticket.desk_id) {
          await moveJob(db, run.id, null); // the files of others need not wait with it
          throw new RetryLater("the ticket is not at the desk yet");
        }
        if (inMemory.activeCount >= AT_ONCE) {
          // To wait here would keep a place in the worker, and count against the time of the run.
          throw new RetryLater("enough files are on their way", { afterMs: 2000 });
        }
        try {
          await inMemory(() => passOn(run, ref, { attachment, ticket }));
        } catch (error) {
          const refusal = await refusalIn(db, ref, error);
          if (!refusal) throw error;
          await db.transaction().execute((tx) => refuse(tx, ref, refusal));
        }
      },
      bury: giveFileUp,
    },
  };

  async function passOn(
    run: Run,
    ref: AttachmentRef,
    { attachment, ticket }: { attachment: Attachment; ticket: Ticket },
  ): Promise<void> {
    const { team_id: teamId, file_id: fileId, upload_id: before } = attachment;
    if (teamId === null) throw new Error("what was sent on a page cannot be fetched");
    const found = await files.find({ teamId, fileId });
    await saveName(db, ref, found.name); // whatever becomes of it, it is called by its name
    const file = await files.fetch(found, run.signal);
    const { name, size, sha256 } = file;
    if (desk.attach) {
      const { attachmentId } = ref;
      const sent = { ...file, attachmentId, at: attachment.created_at };
      await attach(run, ticket, sent);
      await db.transaction().execute((tx) => deliver(tx, ref, { name, size, sha256 }));
      return;
    }
    const uploadId = await files.upload(run, agentsChannel.teamId, file);
    await db.transaction().execute(async (tx) => {
      const now = await lockTicket(tx, ref);
      const isWanted = await saveUpload(tx, ref, { name, size, sha256, uploadId });
      if (isWanted) await shareFile(tx, now, { ...ref, uploadId, again: before !== null });
    });
  }

  async function attach(run: Run, ticket: Ticket, file: DeskFile): Promise<void> {
    await once({ db, run }, attachKey(file), {
      reference: Kept,
      lookUp: async () => undefined,
      send: () => attachFile({ desk, ticket }, file, run.signal),
    });
  }
}

/**
 * Deleted, delivered, refused, or uploaded by an earlier run of the same job, which has sent the next one on its way. What we
 * gave up may be tried again by an operator.
 */
function isDone({ state, why, upload_id }: Attachment, after: string | undefined): boolean {
  if (state === "deleted" || (upload_id !== null && upload_id !== after)) return true;
  return state === "delivered" || (state === "refused" && why !== "undelivered");
}

/** By the name that is saved by now. */
async function refusalIn(
  db: Db,
  ref: AttachmentRef,
  error: unknown,
): Promise<FileRefusal | undefined> {
  if (error instanceof Problem && error.code === "file-refused") return error.facts as FileRefusal; // its own
  const reference = deskReferenceIn(error);
  if (reference === undefined) return undefined;
  const { name, file_id } = await findAttachment(db, ref);
  return { name: name ?? file_id, why: "desk-refused", reference };
}

import { z } from "zod";
import type { FiledTicket } from "#desk/desk.ts";
import { RetryLater } from "#errors.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { once } from "#jobs/once.ts";
import { findOutsideWrite, redactReference } from "#jobs/outside-writes.ts";
import { attachKey, NOTHING_KEPT } from "./attach-file.ts";
import type { TicketNeeds } from "./jobs.ts";
import { tellAgents } from "./outbox.ts";
import { findTicket, lockTicket } from "./store.ts";
import { type AttachmentRef, findAttachment, forgetUpload, isUnderWay } from "./store-files.ts";
import { insertFailure } from "./store-history.ts";
import { ticketNumber } from "./ticket.ts";

const SOON_MS = 2000;
const Told = z.object({ told: z.literal(true) });

/** What a customer has taken back goes from the agents' thread, and from a desk that takes files. */
export function deletedFileJobs(needs: TicketNeeds): Pick<Handlers, "ticket.delete-file"> {
  const { db, desk, files, agentsChannel } = needs;

  return {
    "ticket.delete-file": {
      async run(ref, run) {
        const { state, upload_id: fileId, created_at: at } = await findAttachment(db, ref);
        if (state !== "deleted") return;
        if (await isUnderWay(db, ref)) {
          throw new RetryLater("the file is still being passed on", { afterMs: SOON_MS });
        }
        if (fileId) {
          await files.remove(run, { ...agentsChannel, fileId });
          await forgetUpload(db, ref);
        }
        if (!(await findOutsideWrite(db, attachKey(ref)))) return;
        await redactReference(db, attachKey(ref), NOTHING_KEPT); // it may have been on its way
        await tellDesk(run, ref, at);
      },
      async bury(tx, { attachmentId: _, ...ref }, { reference }) {
        const failure = { event: "undeleted", reference } as const;
        await tellAgents(tx, await lockTicket(tx, ref), await insertFailure(tx, ref, failure));
      },
    },
  };

  async function tellDesk(run: Run, ref: AttachmentRef, at: Date): Promise<void> {
    const { attachmentId, accountId, ticketId } = ref;
    const ticket = await findTicket(db, ref);
    if (!ticket.desk_id) return; // a file goes there after its ticket
    const number = ticketNumber(ticket);
    const filed: FiledTicket = { id: ticket.desk_id, accountId, ticketId, number };
    if (ticket.desk_url) filed.url = ticket.desk_url;
    const changeId = `dl_${attachmentId}_deleted` as const;
    await once({ db, run }, `desk:change:${changeId}`, {
      reference: Told,
      // The same changeId twice is one change at the desk.
      lookUp: async () => undefined,
      async send() {
        const change = { kind: "attachment-deleted", changeId, at, attachmentId } as const;
        await desk.change(filed, change, run.signal);
        return { told: true as const };
      },
    });
  }
}

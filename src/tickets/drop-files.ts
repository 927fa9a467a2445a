import type { Tx } from "#db/connect.ts";
import { hurryJobs } from "#jobs/moves.ts";
import { redactReference } from "#jobs/outside-writes.ts";
import { attachKey, NOTHING_KEPT } from "./attach-file.ts";
import { deleteFile, redrawCards, redrawTold, refOf } from "./outbox.ts";
import type { Ticket } from "./store.ts";
import { countAttachments, saveDeleted } from "./store-files.ts";
import { redactRefusals } from "./store-history.ts";

/**
 * Files of a step, whose message was deleted, or they alone: with us at once, and where the ticket is worked on by a
 * job. False: there were none. The ticket is locked.
 */
export async function dropFiles(
  tx: Tx,
  ticket: Ticket,
  which: { historyId: string; fileIds?: readonly string[] },
): Promise<boolean> {
  const ref = refOf(ticket);
  const deleted = await saveDeleted(tx, ref, which);
  if (deleted.length === 0) return false;
  for (const historyId of await redactRefusals(tx, ref, deleted)) {
    await redrawTold(tx, ticket, historyId, "customer"); // it was said there under its name
    await redrawTold(tx, ticket, historyId, "agents");
  }
  for (const attachmentId of deleted) {
    await redactReference(tx, attachKey({ attachmentId }), NOTHING_KEPT);
    // Whoever is about to pass it on looks first, and then does not.
    const { ticketId } = ref;
    await hurryJobs(tx, { ticketId, name: "ticket.fetch-file", part: { attachmentId } });
    await deleteFile(tx, { ...ref, attachmentId });
  }
  await redrawCards(tx, await countAttachments(tx, ref));
  return true;
}

import type { Tx } from "#db/connect.ts";
import { Problem, type ProblemFacts } from "#errors.ts";
import { redrawCards, tellAgents, tellCustomer } from "./outbox.ts";
import { giveFollowUpReceipt, giveReceipt } from "./receipts.ts";
import { lockTicket } from "./store.ts";
import {
  type AttachmentRef,
  countAttachments,
  findAttachment,
  type SeenFile,
  saveDelivered,
  saveRefused,
} from "./store-files.ts";
import { insertFileRefused } from "./store-history.ts";
import { isSentFile } from "./store-sent-files.ts";

export type FileRefusal = ProblemFacts["file-refused"];

/** How the operator finds that the desk refused it; undefined for any other error. */
export function deskReferenceIn(error: unknown): string | undefined {
  if (!(error instanceof Problem) || error.code !== "desk-refused") return undefined;
  // Which facts go with which code, TypeScript cannot tell of a Problem of any code.
  return (error.facts as ProblemFacts["desk-refused"]).reference;
}

/** It is where the ticket is worked on. */
export async function deliver(tx: Tx, ref: AttachmentRef, file: SeenFile): Promise<void> {
  await lockTicket(tx, ref);
  await saveDelivered(tx, ref, file);
  const ticket = await countAttachments(tx, ref);
  await giveReceiptOf(tx, ref);
  await redrawCards(tx, ticket);
}

/** Said once in the ticket's thread; the ticket goes on. What an agent sent from a form is the agents' to know. */
export async function refuse(tx: Tx, ref: AttachmentRef, refusal: FileRefusal): Promise<void> {
  const refused = await recordRefusal(tx, ref, refusal);
  if (!refused) return;
  const { history_id: historyId, file_id: fileId } = await findAttachment(tx, ref);
  const isSent = historyId && (await isSentFile(tx, ref, { historyId, fileId }));
  if (!isSent) return tellCustomer(tx, refused.ticket, refused.historyId);
  // What is wrong with the file itself keeps it from the customer as well, and is said there.
  if (isUnkept(refusal)) await tellAgents(tx, refused.ticket, refused.historyId);
}

function isUnkept({ why }: FileRefusal): boolean {
  return why === "desk-refused" || why === "undelivered";
}

/** For a page that shows it. Undefined: that was known before. */
export async function recordRefusal(tx: Tx, ref: AttachmentRef, refusal: FileRefusal) {
  await lockTicket(tx, ref);
  if (!(await saveRefused(tx, ref, refusal))) return undefined;
  const ticket = await countAttachments(tx, ref);
  await giveReceiptOf(tx, ref);
  await redrawCards(tx, ticket);
  return { ticket, historyId: await insertFileRefused(tx, ref, refusal) };
}

/** Of the message that it came with, if it was the last that was missing. */
async function giveReceiptOf(tx: Tx, ref: AttachmentRef): Promise<void> {
  const { history_id: commentId } = await findAttachment(tx, ref);
  if (commentId) await giveReceipt(tx, ref, commentId);
  else await giveFollowUpReceipt(tx, ref);
}

/** The burial of any job about a file. */
export async function giveFileUp(
  tx: Tx,
  ref: AttachmentRef,
  { reference }: { reference: string },
): Promise<void> {
  const { name, file_id } = await findAttachment(tx, ref);
  await refuse(tx, ref, { name: name ?? file_id, why: "undelivered", reference });
}

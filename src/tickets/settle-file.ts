import type { Tx } from "#db/connect.ts";
import type { ProblemFacts } from "#errors.ts";
import { redrawCards, tellCustomer } from "./outbox.ts";
import {
  type AttachmentRef,
  findAttachment,
  type SeenFile,
  saveDelivered,
  saveRefused,
  touchTicket,
} from "./store-files.ts";
import { insertFileRefused } from "./store-history.ts";

/** It is where the ticket is worked on. */
export async function deliver(tx: Tx, ref: AttachmentRef, file: SeenFile): Promise<void> {
  const ticket = await touchTicket(tx, ref);
  await saveDelivered(tx, ref, file);
  await redrawCards(tx, ticket);
}

/** Said once in the ticket's thread; the ticket goes on. */
export async function refuse(
  tx: Tx,
  ref: AttachmentRef,
  refusal: ProblemFacts["file-refused"],
): Promise<void> {
  const ticket = await touchTicket(tx, ref);
  if (!(await saveRefused(tx, ref, refusal))) return;
  await tellCustomer(tx, ticket, await insertFileRefused(tx, ref, refusal));
  await redrawCards(tx, ticket);
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

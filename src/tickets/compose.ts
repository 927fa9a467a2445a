import type { Db, Tx } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import type { JobPayload } from "#jobs/catalogue.ts";
import { hurryJobs } from "#jobs/moves.ts";
import { enqueue } from "#jobs/queue.ts";
import { refOf, sendFile } from "./outbox.ts";
import { takeStep } from "./step.ts";
import type { Ticket } from "./store.ts";
import {
  findOutgoing,
  type OutgoingRef,
  saveHurried,
  saveSending,
  saveSent,
} from "./store-outgoing.ts";
import { insertSentFiles } from "./store-sent-files.ts";
import { offerWorkaround } from "./workaround.ts";

/** Where its author may undo it. */
export type SendingForm = NonNullable<JobPayload<"ticket.send-comment">["form"]>;

/** Seen by its author, who lets it go: it leaves when the time to undo it is over. Sent twice, it leaves once. */
export async function letGo(
  db: Db,
  ref: OutgoingRef,
  { undoSeconds, form }: { undoSeconds: number; form?: SendingForm },
): Promise<void> {
  await faultPoint("compose.before-commit");
  await db.transaction().execute(async (tx) => {
    const sendsAt = await saveSending(tx, ref, undoSeconds);
    const payload = { ...ref, ...(form && { form }) };
    if (sendsAt) await enqueue(tx, "ticket.send-comment", payload, { runAt: sendsAt });
  });
  await faultPoint("compose.after-commit");
}

/** The author does not want to wait; nothing when it does not wait any more. */
export async function sendNow(db: Db, ref: OutgoingRef): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const isWaiting = await saveHurried(tx, ref);
    const { ticketId, outgoingId } = ref;
    const jobs = { ticketId, name: "ticket.send-comment", part: { outgoingId } } as const;
    if (isWaiting) await hurryJobs(tx, jobs);
  });
}

/** It was undone, or is not due yet: another job sends it then. */
class NotNow extends Error {
  override name = "NotNow";
}

/**
 * The step that it is, once; the ticket when it has left now. What was undone is not sent. Problem: an offer, and the
 * ticket has ended meanwhile.
 */
export async function sendOutgoing(db: Db, ref: OutgoingRef): Promise<Ticket | undefined> {
  const { outgoingId, ...ticketRef } = ref;
  const outgoing = await findOutgoing(db, ref);
  if (!outgoing) throw new Problem("ticket-not-found", {});
  if (outgoing.state === "draft" || outgoing.state === "sent") return undefined;
  const { step, helps, body, files, author_user_id: userId, author_name: name } = outgoing;
  const teamId = outgoing.team_id;
  let sent: Ticket | undefined;
  try {
    await takeStep(db, ticketRef, {
      step,
      by: { kind: "agent", userId, name },
      body,
      ...(files.length > 0 && { files: { teamId, ids: files.map(({ id }) => id) } }),
      wasLetGo: helps === null, // an offer waits for an answer, which a ticket that has ended does not take
      delivery: { source: "outgoing", key: outgoingId },
      async also(tx, ticket, historyId) {
        if (!(await saveSent(tx, ref))) throw new NotNow();
        await sendFiles(tx, ticket, { historyId, teamId, agentName: name, files });
        if (helps) await offerWorkaround(helps)(tx, ticket, historyId);
        sent = ticket;
      },
    });
    return sent;
  } catch (error) {
    if (!(error instanceof NotNow)) throw error;
    return undefined;
  }
}

async function sendFiles(
  tx: Tx,
  ticket: Ticket,
  sent: Parameters<typeof insertSentFiles>[2],
): Promise<void> {
  if (sent.files.length === 0) return;
  const ref = refOf(ticket);
  for (const sentFileId of await insertSentFiles(tx, ref, sent)) {
    await sendFile(tx, { ...ref, sentFileId }, sent.teamId);
  }
}

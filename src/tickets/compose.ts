import type { Db } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import { hurryJobs } from "#jobs/moves.ts";
import { enqueue } from "#jobs/queue.ts";
import { takeStep } from "./step.ts";
import {
  findOutgoing,
  type OutgoingRef,
  saveHurried,
  saveSending,
  saveSent,
} from "./store-outgoing.ts";
import { offerWorkaround } from "./workaround.ts";

/** Seen by its author, who lets it go: it leaves when the time to undo it is over. Sent twice, it leaves once. */
export async function letGo(db: Db, ref: OutgoingRef, undoSeconds: number): Promise<void> {
  await faultPoint("compose.before-commit");
  await db.transaction().execute(async (tx) => {
    const sendsAt = await saveSending(tx, ref, undoSeconds);
    if (sendsAt) await enqueue(tx, "ticket.send-comment", ref, { runAt: sendsAt });
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

/** The step that it is, once. What was undone is not sent. Problem: an offer, and the ticket has ended meanwhile. */
export async function sendOutgoing(db: Db, ref: OutgoingRef): Promise<void> {
  const { outgoingId, ...ticketRef } = ref;
  const outgoing = await findOutgoing(db, ref);
  if (!outgoing) throw new Problem("ticket-not-found", {});
  if (outgoing.state === "draft" || outgoing.state === "sent") return;
  const { step, helps, body, author_user_id: userId, author_name: name } = outgoing;
  try {
    await takeStep(db, ticketRef, {
      step,
      by: { kind: "agent", userId, name },
      body,
      wasLetGo: helps === null, // an offer waits for an answer, which a ticket that has ended does not take
      delivery: { source: "outgoing", key: outgoingId },
      async also(tx, ticket, historyId) {
        if (!(await saveSent(tx, ref))) throw new NotNow();
        if (helps) await offerWorkaround(helps)(tx, ticket, historyId);
      },
    });
  } catch (error) {
    if (!(error instanceof NotNow)) throw error;
  }
}

import { z } from "zod";
import type { Policy } from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, type Source, takeDelivery } from "#db/inbox.ts";
import type { Status } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { enqueue } from "#jobs/queue.ts";
import { redrawChoices } from "./choices.ts";
import { takeTurn } from "./contact.ts";
import { hasContact } from "./contact-turns.ts";
import { redrawLinked } from "./links.ts";
import type { MergeDetail } from "./merge-said.ts";
import { redrawCards, refOf, tellAgents, tellCustomer, tellDesk } from "./outbox.ts";
import { review } from "./review.ts";
import { findTicket, isInSlack, lockTickets, type Ticket, type TicketRef } from "./store.ts";
import { type Actor, insertEvent, type MergeEvent } from "./store-history.ts";
import {
  findLastSolving,
  hasLostThread,
  isMergedInto,
  saveMerged,
  saveUnmerged,
} from "./store-merge.ts";
import { saveSeen } from "./store-receipts.ts";
import { mustNotBeMerged, ticketNumber } from "./ticket.ts";

/** An agent's act. Who may do it was asked before. */
export type MergeAct = {
  by: Actor;
  policy: Policy;
  delivery: { source: Source; key: string };
};
/** The addresses of the two triage cards, as far as they are known. */
export type TriageLinks = { from: string | undefined; into: string | undefined };

const Done = z.object({});

/** The work on one ticket goes on in another, for a day not yet for good. Once, and both or neither. */
export async function mergeTickets(
  db: Db,
  { from, into, links }: { from: TicketRef; into: TicketRef; links: TriageLinks },
  { by, policy, delivery: { source, key } }: MergeAct,
): Promise<void> {
  await onceDelivered(db, { source, key, answer: Done }, () =>
    db.transaction().execute(async (tx) => {
      const [ticket, target] = await lockTickets(tx, from.accountId, [
        from.ticketId,
        into.ticketId,
      ]);
      await takeDelivery(tx, source, key);
      mustTakeIn(ticket, target);
      await mustBeMergeable(tx, ticket);
      await saveMerged(tx, from, target);
      await redrawChoices(tx, ticket);
      await takeTurn(tx, policy, ticket, { event: "needless" });
      await saveSeen(tx, from);
      const moved = { from: ticket.status, to: "closed" } as const;
      await tell(tx, ticket, by, {
        event: "merged",
        detail: { ...moved, ...about(target, ticket, links.into) },
      });
      await tell(tx, target, by, { event: "absorbed", detail: about(ticket, target, links.from) });
      return {};
    }),
  );
}

/** Within a day. What was said in the thread meanwhile stays with the other ticket. */
export async function undoMerge(
  db: Db,
  ref: TicketRef,
  { by, policy, delivery: { source, key } }: MergeAct,
): Promise<void> {
  await onceDelivered(db, { source, key, answer: Done }, () =>
    db.transaction().execute(async (tx) => {
      const [ticket, target] = await lockMerged(tx, ref);
      await takeDelivery(tx, source, key);
      const facts = { number: ticketNumber(ticket) };
      if (ticket.merged_into_id !== target.id) throw new Problem("not-merged", facts);
      if (await hasLostThread(tx, ticket)) throw new Problem("merge-followed", facts);
      const status = await saveUnmerged(tx, ref, target);
      if (!status) throw new Problem("merge-final", facts);
      await goOn(tx, policy, ticket, status);
      const moved = { from: "closed", to: status } as const;
      await tell(tx, ticket, by, {
        event: "unmerged",
        detail: { ...moved, ...about(target, ticket) },
      });
      await tell(tx, target, by, { event: "released", detail: about(ticket, target) });
      return {};
    }),
  );
}

/** Whether it can be merged at all. One into which others were merged stays: where it goes, they would have to go, too. */
export async function mustBeMergeable(db: Db, ticket: Ticket): Promise<void> {
  mustNotBeMerged(ticket);
  const facts = { number: ticketNumber(ticket) };
  if (ticket.status === "closed") throw new Problem("merge-closed", facts);
  if (await isMergedInto(db, refOf(ticket))) throw new Problem("merge-of-many", facts);
}

function mustTakeIn(ticket: Ticket, target: Ticket): void {
  const facts = { number: ticketNumber(target) };
  if (ticket.id === target.id) throw new Problem("merge-itself", facts);
  const { merged_into_number: number } = target;
  if (number) throw new Problem("merge-into-merged", { ...facts, into: ticketNumber({ number }) });
  if (target.status === "closed") throw new Problem("merge-into-closed", facts);
}

/** With the one into which it was merged; alone, when it is not. */
async function lockMerged(tx: Tx, ref: TicketRef): Promise<[ticket: Ticket, target: Ticket]> {
  const { merged_into_id } = await findTicket(tx, ref);
  return lockTickets(tx, ref.accountId, [ref.ticketId, merged_into_id ?? ref.ticketId]);
}

/** The contact is asked again, and silence closes what was solved: its job may have come while it was merged. */
async function goOn(tx: Tx, policy: Policy, ticket: Ticket, status: Status): Promise<void> {
  const ref = refOf(ticket);
  await redrawChoices(tx, ticket);
  if (hasContact(ticket)) await review(tx, policy, ref, "policy");
  const historyId = status === "solved" ? await findLastSolving(tx, ref) : undefined;
  if (historyId) await enqueue(tx, "ticket.ending-due", { ...ref, historyId });
}

function about(other: Ticket, ticket: Ticket, triageUrl?: string): MergeDetail {
  return {
    ticketId: other.id,
    number: ticketNumber(other),
    subject: other.subject,
    isSameRequester: isSameRequester(other, ticket),
    ...(other.card_url && { url: other.card_url }),
    ...(triageUrl && { triageUrl }),
  };
}

export function isSameRequester(one: Ticket, other: Ticket): boolean {
  const { requester_email: email, requester_team_id: teamId, requester_user_id: userId } = one;
  if (email) return other.requester_email === email;
  return other.requester_team_id === teamId && other.requester_user_id === userId;
}

async function tell(
  tx: Tx,
  ticket: Ticket,
  by: Actor,
  { event, detail }: { event: MergeEvent; detail: MergeDetail },
): Promise<void> {
  const historyId = await insertEvent(tx, ticket, { event, by, detail });
  await redrawCards(tx, ticket);
  await redrawLinked(tx, ticket);
  const isOwnNews = event === "merged" || event === "unmerged";
  // On the page of a web ticket it stands; one mail about the two of them is enough.
  if (isOwnNews || isInSlack(ticket)) await tellCustomer(tx, ticket, historyId);
  await tellAgents(tx, ticket, historyId);
  await tellDesk(tx, ticket, historyId);
}

import { z } from "zod";
import { type AdminNeeds, mustBeAgent, type PolicyNow } from "#accounts/ask.ts";
import { Problem } from "#errors.ts";
import type { Messenger } from "#slack/messenger.ts";
import type { Door, PressCall, SubmitCall } from "#slack/replies.ts";
import { fieldFaults } from "./draft-faults.ts";
import { sightOf } from "./list-sight.ts";
import { isSameRequester, mergeTickets, mustBeMergeable, undoMerge } from "./merge.ts";
import { MERGE, mergeModal } from "./merge-views.ts";
import { refOf } from "./outbox.ts";
import { findTicket, findTicketByNumber, isInSlack, type Ticket } from "./store.ts";
import { agentOf } from "./store-history.ts";
import { maySee } from "./store-list.ts";
import { readRef, TypedNumber, ticketNumber } from "./ticket.ts";
import { triageUrl } from "./triage-url.ts";

export type MergeNeeds = AdminNeeds & { messenger: Messenger; policy: PolicyNow };

const Typed = z.object({ number: TypedNumber });

/** Two tickets about the same become one, for a day not yet for good. Opened and undone behind the dots of the triage card. */
export function registerMerge(door: Door, needs: MergeNeeds): void {
  door.submit(MERGE, (call) => merge(call, needs));
}

/** By an agent: that was asked before. */
export async function openMerge(call: PressCall, { db }: MergeNeeds, ticket: Ticket) {
  await mustBeMergeable(db, ticket); // refuses now what would be refused after the typing
  await call.open((texts) => mergeModal(texts, ticket));
}

/** By an agent: that was asked before. */
export async function pressUndoMerge(call: PressCall, { db, policy }: MergeNeeds, ticket: Ticket) {
  const { caller, key } = call;
  await undoMerge(db, refOf(ticket), {
    by: agentOf(caller),
    policy: policy(),
    delivery: { source: "slack.press", key },
  });
}

async function merge(call: SubmitCall, needs: MergeNeeds): Promise<void> {
  const { caller, key, values, metadata } = call;
  const { db, people, agentsChannel, policy } = needs;
  const read = Typed.safeParse(values);
  if (!read.success) return call.refuse(fieldFaults(caller.texts, read.error));
  const ref = readRef(metadata);
  const ticket = await findTicket(db, ref);
  await mustBeAgent(people, agentsChannel, caller);
  const target = await findTicketByNumber(db, ref.accountId, read.data.number);
  if (!target) throw new Problem("merge-unknown", {});
  const [from, into] = await Promise.all([
    triageUrl(needs.messenger, ticket),
    triageUrl(needs.messenger, target),
    requesterMustSee(needs, ticket, target),
  ]);
  await mergeTickets(
    db,
    { from: ref, into: refOf(target), links: { from, into } },
    { by: agentOf(caller), policy: policy(), delivery: { source: "slack.view", key } },
  );
  await call.close();
}

/**
 * Or they would never hear the answer. In Slack that is what their list shows; the page of a web ticket is its
 * requester's alone.
 */
async function requesterMustSee(needs: MergeNeeds, ticket: Ticket, target: Ticket): Promise<void> {
  if (isSameRequester(ticket, target)) return;
  const facts = { number: ticketNumber(ticket), into: ticketNumber(target) };
  if (!isInSlack(ticket) || !isInSlack(target)) throw new Problem("merge-unseen", facts);
  const { requester_team_id: teamId, requester_user_id: userId } = ticket;
  const sight = await sightOf(needs, { teamId, userId }, ticket.asked_channel_id);
  if (await maySee(needs.db, sight, refOf(target))) return;
  const isUnsure = sight.sees === "own" && sight.isUnsure;
  throw new Problem(isUnsure ? "merge-unsure" : "merge-unseen", facts);
}

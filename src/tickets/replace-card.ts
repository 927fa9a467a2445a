import type { AgentsChannel } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { Notices } from "#db/notices.ts";
import { RetryLater } from "#errors.ts";
import type { Run } from "#jobs/handlers.ts";
import { moveJob } from "#jobs/moves.ts";
import { isUnreachable, type SlackRefused } from "#slack/failures.ts";
import { askedPlace, raiseClosed, tellMoved } from "./closed-channel.ts";
import { postCard, postTriageCard, refOf } from "./outbox.ts";
import { lockTicket, mustBeInSlack, type SlackTicket, type Ticket, withTicket } from "./store.ts";
import { forgetCard, forgetTriageCard } from "./store-cards.ts";
import { isConversation } from "./views.ts";

/**
 * Somebody deleted the card, or its channel can no longer be written to: the ticket gets a new card,
 * in the same channel or, where that is closed, in the requester's DM.
 */
export async function replaceCard(
  { db, notices }: { db: Db; notices: Notices },
  ticket: SlackTicket,
  why: SlackRefused,
): Promise<void> {
  const { card_channel_id: channelId, card_ts: ts } = ticket;
  if (!channelId || !ts) return;
  const to = isUnreachable(why) || channelId !== ticket.asked_channel_id ? "dm" : "channel";
  const leaves = to === "dm" && channelId === ticket.asked_channel_id && !isConversation(channelId);
  if (leaves) await raiseClosed(notices, askedPlace(ticket), why);
  await db.transaction().execute(async (tx) => {
    const now = await lockTicket(tx, refOf(ticket));
    if (!(await forgetCard(tx, refOf(ticket), ts))) return; // another job was first
    await postCard(tx, mustBeInSlack(now), { to, replaces: ts });
    if (leaves) await tellMoved(tx, now, now.card_url);
  });
}

/** The same for the agents' card, which has only one place. */
export async function replaceTriageCard(
  db: Db,
  ticket: Ticket,
  agentsChannel: AgentsChannel,
): Promise<void> {
  const { triage_ts: ts } = ticket;
  if (!ts) return;
  await db.transaction().execute(async (tx) => {
    const now = await lockTicket(tx, refOf(ticket));
    if (!(await forgetTriageCard(tx, refOf(ticket), ts))) return;
    await postTriageCard(tx, now, agentsChannel, { replaces: ts });
  });
}

/** One that was listed in a digest gets its card now: something is to be said in its thread. */
export async function waitForTriageCard(
  db: Db,
  run: Run,
  ticket: Ticket,
  agentsChannel: AgentsChannel,
): Promise<never> {
  if (ticket.triage_listed_at) {
    await withTicket(db, refOf(ticket), (tx, now) =>
      postTriageCard(tx, now, agentsChannel, { alone: true }),
    );
  }
  return waitForCard(db, run);
}

/**
 * The thread has no card yet. The job leaves its lane, for the card may stand behind it there, and others need not
 * wait with it; `followCard` brings it back.
 */
export async function waitForCard(db: Db, run: Run, cause?: unknown): Promise<never> {
  await moveJob(db, run.id, null);
  throw new RetryLater("the card is not posted yet", { cause });
}

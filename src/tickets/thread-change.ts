import { z } from "zod";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, takeDelivery } from "#db/inbox.ts";
import type { MessageAddress } from "#slack/messenger.ts";
import { dropFiles } from "./drop-files.ts";
import { redrawTold, refOf, tellAgents, tellDesk } from "./outbox.ts";
import { lockTicket, type Ticket, type TicketRef } from "./store.ts";
import { type Changed, findChanged, saveDeletion, saveEdit } from "./store-comments.ts";
import { type CommentEvent, findEdits, insertHistory } from "./store-history.ts";
import type { ReadThreadEvent } from "./thread-event.ts";

type Change = Exclude<ReadThreadEvent, { did: "write" }>;

/**
 * A comment's message was edited or deleted in Slack. The desk and the agents get the newest words and how often they
 * were changed; of what was deleted nothing stays but that it was there. A repeated delivery does nothing.
 */
export async function changeComment(
  db: Db,
  ref: TicketRef,
  at: MessageAddress,
  change: Change,
): Promise<void> {
  const source = "slack.message";
  const key = `${at.teamId}+${at.channelId}+${at.ts}+${whichOf(change)}`;
  await onceDelivered(db, { source, key, answer: z.object({}) }, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, ref);
      await takeDelivery(tx, source, key);
      if (change.did === "edit") await edit(tx, ticket, at, change);
      if (change.did === "delete") await erase(tx, ticket, at);
      else await loseFiles(tx, ticket, at, change);
      return {};
    }),
  );
}

function whichOf(change: Change): string {
  if (change.did === "edit") return change.editedTs;
  if (change.did === "delete") return "deleted";
  return `without+${change.goneFileIds.toSorted().join("+")}`;
}

async function edit(
  tx: Tx,
  ticket: Ticket,
  at: MessageAddress,
  { body, editedTs }: Extract<Change, { did: "edit" }>,
): Promise<void> {
  const comment = await saveEdit(tx, ticket.account_id, at, { body, editedTs });
  if (!comment) return;
  const edits = comment.isLatest ? await findEdits(tx, refOf(ticket), comment.id) : [];
  const historyId = await noteChange(tx, ticket, "comment-edited", comment, {
    ...(!comment.isLatest && { isUntold: true }),
  });
  if (!comment.isGone) await tellDesk(tx, ticket, historyId); // also of an older version: how often counts
  // Of the edits, the last alone has words: those before it lost theirs to the next.
  if (comment.isLatest) await showChange(tx, ticket, historyId, [comment.id, ...edits.slice(-1)]);
}

async function erase(tx: Tx, ticket: Ticket, at: MessageAddress): Promise<void> {
  const comment = await saveDeletion(tx, ticket.account_id, at);
  if (!comment) return;
  const historyId = await noteChange(tx, ticket, "comment-deleted", comment);
  await tellDesk(tx, ticket, historyId);
  await dropFiles(tx, ticket, { historyId: comment.id });
  const edits = await findEdits(tx, refOf(ticket), comment.id);
  await showChange(tx, ticket, historyId, [comment.id, ...edits]);
}

/** One was deleted, and the message still stands. */
async function loseFiles(
  tx: Tx,
  ticket: Ticket,
  at: MessageAddress,
  { goneFileIds: fileIds }: Change,
): Promise<void> {
  const comment = await findChanged(tx, ticket.account_id, at);
  if (!comment || fileIds.length === 0) return;
  if (!(await dropFiles(tx, ticket, { historyId: comment.id, fileIds }))) return;
  await tellAgents(tx, ticket, await insertHistory(tx, rowOf(ticket, "file-deleted", comment, {})));
}

async function noteChange(
  tx: Tx,
  ticket: Ticket,
  event: CommentEvent,
  comment: Changed,
  more: { isUntold?: true } = {},
): Promise<string> {
  const detail = { commentId: comment.id, edits: comment.edits, ...more };
  return insertHistory(tx, rowOf(ticket, event, comment, detail));
}

function rowOf(ticket: Ticket, event: string, comment: Changed, detail: object) {
  return {
    account_id: ticket.account_id,
    ticket_id: ticket.id,
    event,
    actor_kind: comment.author_kind,
    actor_user_id: comment.author_user_id,
    actor_name: comment.author_name,
    detail: JSON.stringify(detail),
  };
}

/** A line for the agents, and what they were told before is drawn again: of older words nothing stays. */
async function showChange(
  tx: Tx,
  ticket: Ticket,
  historyId: string,
  before: readonly string[],
): Promise<void> {
  await tellAgents(tx, ticket, historyId);
  for (const told of before) await redrawTold(tx, ticket, told, "agents");
}

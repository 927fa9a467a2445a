import { sql } from "kysely";
import type { Tx } from "#db/connect.ts";
import type { MessageAddress } from "#slack/messenger.ts";
import { NOW, type TicketRef, updateTicket } from "./store.ts";

/** A message of the customer's, with the id that its receipt has. */
export type Received = MessageAddress & { id: string };

/** The desk has the words of a comment. */
export async function saveTold(tx: Tx, ref: TicketRef, commentId: string): Promise<void> {
  await tx
    .updateTable("comment")
    .set({ told_at: NOW })
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", commentId)
    .execute();
}

/**
 * The receipt of a customer's message, once all of it is where the agents work: its words and its files, of which some
 * may have been refused in words. Answers which message that is; undefined while something is missing, and later.
 */
export async function insertReceipt(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
  commentId: string,
): Promise<Received | undefined> {
  const { rows } = await sql<Received>`
    with whole as (
      select * from comment
      where account_id = ${accountId} and ticket_id = ${ticketId} and id = ${commentId}
        and author_kind = 'requester' and ts is not null and deleted_at is null and told_at is not null
        and not exists (select from attachment where history_id = comment.id and state = 'waiting')
        and (body <> '' or exists (
          select from attachment where history_id = comment.id and state = 'delivered'))
    ),
    receipt as (
      insert into receipt (comment_id, kind, account_id, ticket_id)
      select id, 'at-desk', account_id, ticket_id from whole on conflict do nothing returning comment_id
    )
    select comment_id as id, team_id as "teamId", channel_id as "channelId", ts from whole, receipt`.execute(
    tx,
  );
  return rows[0];
}

/** The same for the message that opened a follow-up: it is no comment, so the row has the id of the step that filed it. */
export async function insertOpeningReceipt(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
): Promise<Received | undefined> {
  const { rows } = await sql<Received>`
    with whole as (
      select step.id, asked_team_id, asked_channel_id, asked_message_ts from ticket
      join ticket_history as step on step.account_id = ticket.account_id and step.ticket_id = ticket.id
      where ticket.account_id = ${accountId} and ticket.id = ${ticketId} and step.event = 'filed'
        and follows_id is not null and asked_message_ts is not null and desk_id is not null
        and not exists (
          select from attachment
          where account_id = ${accountId} and ticket_id = ${ticketId} and history_id is null and state = 'waiting')
    ),
    receipt as (
      insert into receipt (comment_id, kind, account_id, ticket_id)
      select id, 'at-desk', ${accountId}, ${ticketId}::uuid from whole on conflict do nothing returning comment_id
    )
    select comment_id as id, asked_team_id as "teamId", asked_channel_id as "channelId", asked_message_ts as ts
    from whole, receipt`.execute(tx);
  return rows[0];
}

export async function insertFailedReceipt(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
  commentId: string,
): Promise<void> {
  await sql`
    insert into receipt (comment_id, kind, account_id, ticket_id)
    select id, 'failed', account_id, ticket_id from comment
    where account_id = ${accountId} and ticket_id = ${ticketId} and id = ${commentId}
      and author_kind = 'requester'
    on conflict do nothing`.execute(tx);
}

/** An agent has looked at the ticket: all that the customer said was seen. True when that is news. */
export async function saveSeen(tx: Tx, ref: TicketRef): Promise<boolean> {
  await sql`
    insert into receipt (comment_id, kind, account_id, ticket_id)
    select id, 'seen', account_id, ticket_id from comment
    where account_id = ${ref.accountId} and ticket_id = ${ref.ticketId} and author_kind = 'requester'
    on conflict do nothing`.execute(tx);
  const { numUpdatedRows } = await updateTicket(tx, ref)
    .set({ seen_at: NOW })
    .where("seen_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

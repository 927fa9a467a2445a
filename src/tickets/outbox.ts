import type { AgentsChannel } from "#accounts/ask.ts";
import type { Tx } from "#db/connect.ts";
import type { JobPayload } from "#jobs/catalogue.ts";
import { channelLane, deskLane, mailLane, methodLane } from "#jobs/lanes.ts";
import { gatherJobs } from "#jobs/moves.ts";
import { enqueue, enqueueAll, type NewJob } from "#jobs/queue.ts";
import type { Thread } from "#slack/messenger.ts";
import {
  type Asked,
  isInSlack,
  type Shown,
  type SlackTicket,
  type Ticket,
  type TicketRef,
} from "./store.ts";
import type { Reader } from "./store-catch-up.ts";
import { type AttachmentRef, insertAttachments, type SentFiles } from "./store-files.ts";
import { insertFailure } from "./store-history.ts";
import type { SentFileRef } from "./store-sent-files.ts";

/** What is said to people after a change, each as a job in the lane of the place where it is said. */

const TO_AGENTS = ["ticket.tell-agents", "ticket.share-file"] as const;

/** Both cards show the ticket as it is when they are drawn; several changes become one edit. */
export async function redrawCards(tx: Tx, ticket: Shown): Promise<void> {
  await enqueueAll(tx, cardEdits(ticket));
}

export async function redrawTriageCard(tx: Tx, ticket: Shown): Promise<void> {
  await enqueueAll(tx, triageCardEdits(ticket));
}

export function cardEdits(ticket: Shown): NewJob[] {
  const edits = triageCardEdits(ticket);
  if (!ticket.card_ts || !isInSlack(ticket)) return edits;
  const lane = methodLane(ticket.asked_team_id, "chat.update");
  return [{ name: "ticket.edit-card", payload: refOf(ticket), lane, coalesce: true }, ...edits];
}

function triageCardEdits(ticket: Shown): NewJob[] {
  if (!ticket.triage_ts || !ticket.triage_team_id) return [];
  const lane = methodLane(ticket.triage_team_id, "chat.update");
  return [{ name: "ticket.edit-triage-card", payload: refOf(ticket), lane, coalesce: true }];
}

/** Once for each ticket, whatever brings it about. */
export async function fileAtDesk(tx: Tx, ticket: Pick<Ticket, "account_id" | "id">): Promise<void> {
  await enqueue(tx, "ticket.file", refOf(ticket), { key: `ticket.file:${ticket.id}` });
}

type Where = { to?: "channel" | "dm"; replaces?: string | undefined; dmId?: string };

/**
 * Where the person asked, else in their DM with the app, once that is open (`dmId`).
 * Once for this card: `replaces` makes a new one when the old one is gone.
 */
export async function postCard(
  tx: Tx,
  ticket: SlackTicket<Asked>,
  where: Where = {},
): Promise<void> {
  const { name, payload, ...how } = cardJob(ticket, where);
  await enqueue(tx, name, payload, how);
}

export function cardJob(ticket: SlackTicket<Asked>, where: Where = {}) {
  const { asked_team_id: teamId, asked_channel_id: askedId } = ticket;
  const { to = askedId ? "channel" : "dm", replaces, dmId } = where;
  const channelId = to === "channel" ? askedId : dmId;
  const payload = {
    ...refOf(ticket),
    to,
    ...(replaces && { replaces }),
    ...(dmId && { channelId: dmId }),
  };
  return {
    name: "ticket.post-card",
    payload,
    key: ["ticket.post-card", ticket.id, to, replaces ?? "", ...(dmId ? [dmId] : [])].join(":"),
    lane: channelId ? channelLane(teamId, channelId) : methodLane(teamId, "conversations.open"),
  } as const;
}

/** In a lane of its own: nobody's messages wait for a link. */
export async function linkCard(tx: Tx, ticket: SlackTicket): Promise<void> {
  await enqueue(tx, "ticket.link-card", refOf(ticket), {
    key: `ticket.link-card:${ticket.id}:${ticket.card_ts}`,
    lane: methodLane(ticket.asked_team_id, "chat.getPermalink"),
  });
}

/** The customer's card; the agents' where the customer has none in Slack. */
export async function postFirstCard(
  tx: Tx,
  ticket: Asked,
  agentsChannel: AgentsChannel,
): Promise<void> {
  if (isInSlack(ticket)) await postCard(tx, ticket);
  else await postTriageCard(tx, ticket, agentsChannel);
}

type Which = { replaces?: string; alone?: true };

export async function postTriageCard(
  tx: Tx,
  ticket: Asked,
  agentsChannel: AgentsChannel,
  which: Which = {},
): Promise<void> {
  const { name, payload, ...how } = triageCardJob(ticket, agentsChannel, which);
  await enqueue(tx, name, payload, how);
}

export function triageCardJob(ticket: Asked, agentsChannel: AgentsChannel, which: Which = {}) {
  return {
    name: "ticket.post-triage-card",
    payload: { ...refOf(ticket), ...which },
    key: `ticket.post-triage-card:${ticket.id}:${which.alone ? "alone" : (which.replaces ?? "")}`,
    lane: channelLane(agentsChannel.teamId, agentsChannel.channelId),
  } as const;
}

/** The card stands: what waited for its thread follows, in order. */
export async function followCard(tx: Tx, ticket: SlackTicket): Promise<void> {
  const names = ["ticket.tell-customer", "ticket.tell-failure", "ticket.show-file"] as const;
  await gatherJobs(tx, { ticketId: ticket.id, names }, threadLane(ticket));
}

export async function followTriageCard(
  tx: Tx,
  ticket: Ticket,
  agentsChannel: AgentsChannel,
): Promise<void> {
  const lane = channelLane(agentsChannel.teamId, agentsChannel.channelId);
  await gatherJobs(tx, { ticketId: ticket.id, names: TO_AGENTS }, lane);
}

/** In the thread of the card; by mail where there is none. */
export async function tellCustomer(tx: Tx, ticket: Ticket, historyId: string): Promise<void> {
  await enqueueAll(tx, [toCustomer(ticket, historyId)]);
}

export function toCustomer(ticket: Ticket, historyId: string): NewJob {
  const payload = { ...refOf(ticket), historyId };
  return isInSlack(ticket)
    ? { name: "ticket.tell-customer", payload, lane: threadLane(ticket) }
    : { name: "ticket.mail-step", payload, lane: mailLane(ticket.id) };
}

export async function tellAgents(tx: Tx, ticket: Ticket, historyId: string): Promise<void> {
  await enqueueAll(tx, [toAgents(ticket, historyId)]);
}

export function toAgents(ticket: Ticket, historyId: string): NewJob {
  const { triage_team_id: teamId, triage_channel_id: channelId } = ticket;
  const lane = teamId && channelId ? { lane: channelLane(teamId, channelId) } : {}; // it waits for its card
  return { name: "ticket.tell-agents", payload: { ...refOf(ticket), historyId }, ...lane };
}

/** The message in the reader's thread that says it, as it is now. */
export async function redrawTold(
  tx: Tx,
  ticket: Ticket,
  historyId: string,
  reader: Reader,
): Promise<void> {
  const teamId = reader === "agents" ? ticket.triage_team_id : ticket.asked_team_id;
  if (!teamId) return; // nothing was told yet
  const lane = methodLane(teamId, "chat.update");
  const payload = { ...refOf(ticket), historyId, ...(reader === "customer" && { reader }) };
  await enqueue(tx, "ticket.edit-told", payload, { lane, coalesce: true });
}

/** Under what the customer was told of these steps, as the ticket is then: an answered question has none any more. */
export async function redrawButtons(
  tx: Tx,
  ticket: Pick<Ticket, "account_id" | "id" | "asked_team_id">,
  historyIds: readonly string[],
): Promise<void> {
  if (!isInSlack(ticket)) return; // a page shows what may be answered now
  const lane = methodLane(ticket.asked_team_id, "chat.update");
  await enqueueAll(
    tx,
    historyIds.map((historyId) => ({
      name: "ticket.edit-buttons",
      payload: { ...refOf(ticket), historyId },
      lane,
      coalesce: true,
    })),
  );
}

export async function tellBoth(tx: Tx, ticket: Ticket, historyId: string): Promise<void> {
  await enqueueAll(tx, [toCustomer(ticket, historyId), toAgents(ticket, historyId)]);
}

export async function tellDesk(tx: Tx, ticket: Ticket, historyId: string): Promise<void> {
  await enqueueAll(tx, [toDesk(ticket, historyId)]);
}

export function toDesk(ticket: Ticket, historyId: string): NewJob {
  const payload = { ...refOf(ticket), historyId };
  return { name: "ticket.tell-desk", payload, lane: deskLane(ticket.id) };
}

/** What came with a ticket or a reply, known by ids alone so far. */
export async function takeFiles(tx: Tx, ref: TicketRef, files: SentFiles): Promise<void> {
  for (const attachmentId of await insertAttachments(tx, ref, files)) {
    await fetchFile(tx, { ...ref, attachmentId }, files.teamId);
  }
}

/** One after the other of each workspace. */
export async function fetchFile(
  tx: Tx,
  file: JobPayload<"ticket.fetch-file">,
  teamId: string,
): Promise<void> {
  await enqueue(tx, "ticket.fetch-file", file, {
    key: `ticket.fetch-file:${file.attachmentId}:${file.after ?? ""}`,
    lane: methodLane(teamId, "files.info"),
  });
}

export async function shareFile(
  tx: Tx,
  { triage_team_id: teamId, triage_channel_id: channelId }: Ticket,
  { uploadId, again, ...ref }: AttachmentRef & { uploadId: string; again: boolean },
): Promise<void> {
  const lane = teamId && channelId ? { lane: channelLane(teamId, channelId) } : {}; // it waits for its card
  const payload = { ...ref, ...(again && { again }) } as const;
  const key = `ticket.share-file:${ref.attachmentId}:${uploadId}`;
  await enqueue(tx, "ticket.share-file", payload, { key, ...lane });
}

export async function checkFile(
  tx: Tx,
  { teamId }: AgentsChannel,
  ref: AttachmentRef,
  uploadId: string,
): Promise<void> {
  await enqueue(tx, "ticket.check-file", ref, {
    key: `ticket.check-file:${ref.attachmentId}:${uploadId}`,
    lane: methodLane(teamId, "files.info"),
  });
}

/** What an agent sends along: one after the other of each workspace. */
export async function sendFile(
  tx: Tx,
  file: JobPayload<"ticket.send-file">,
  teamId: string,
): Promise<void> {
  await enqueue(tx, "ticket.send-file", file, {
    key: `ticket.send-file:${file.sentFileId}:${file.after ?? ""}`,
    lane: methodLane(teamId, "files.info"),
  });
}

export async function showFile(
  tx: Tx,
  ticket: SlackTicket,
  { uploadId, again, ...ref }: SentFileRef & { uploadId: string; again: boolean },
): Promise<void> {
  const payload = { ...ref, ...(again && { again }) } as const;
  const key = `ticket.show-file:${ref.sentFileId}:${uploadId}`;
  await enqueue(tx, "ticket.show-file", payload, { key, lane: threadLane(ticket) });
}

/** After all that the desk is told of the ticket before. */
export async function deleteFile(tx: Tx, ref: AttachmentRef): Promise<void> {
  const key = `ticket.delete-file:${ref.attachmentId}`;
  await enqueue(tx, "ticket.delete-file", ref, { key, lane: deskLane(ref.ticketId) });
}

export async function tellFailure(
  tx: Tx,
  ticket: Ticket,
  failure: { what: "desk-refused" | "gave-up"; reference: string },
): Promise<void> {
  const payload = { ...refOf(ticket), ...failure };
  if (!isInSlack(ticket)) {
    const { what: event, reference } = failure;
    if (event === "gave-up") await insertFailure(tx, refOf(ticket), { event, reference }); // for the page
    return enqueue(tx, "ticket.mail-failure", payload, { lane: mailLane(ticket.id) });
  }
  await enqueue(tx, "ticket.tell-failure", payload, { lane: threadLane(ticket) });
}

export function refOf(ticket: Pick<Ticket, "account_id" | "id">) {
  return { accountId: ticket.account_id, ticketId: ticket.id };
}

/** Of the customer's card; undefined while there is none. */
export function threadOf({
  asked_team_id: teamId,
  card_channel_id: channelId,
  card_ts: ts,
  card_thread_ts,
}: SlackTicket): Required<Thread> | undefined {
  const threadTs = card_thread_ts ?? ts;
  return channelId && threadTs ? { teamId, channelId, threadTs } : undefined;
}

function threadLane(ticket: SlackTicket) {
  return channelLane(ticket.asked_team_id, ticket.card_channel_id ?? ticket.asked_channel_id);
}

import { z } from "zod";
import { type AgentsChannel, isAgent } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
import { unescaped } from "#slack/mrkdwn.ts";
import type { People, PersonAddress } from "#slack/people.ts";
import { takeStep } from "./step.ts";
import { findTicket, type Ticket, type TicketRef } from "./store.ts";
import { findTicketOfThread } from "./store-cards.ts";
import { FileId } from "./ticket.ts";

/** A plain message of a person, with words, files or both; edits, deletions and what apps write are other shapes. */
const Reply = z.object({
  channel: z.string(),
  user: z.string(),
  text: z.string().trim(),
  files: z.array(z.looseObject({ id: FileId })).optional(),
  ts: z.string(),
  thread_ts: z.string(),
  parent_user_id: z.string().optional(),
  subtype: z.enum(["thread_broadcast", "file_share"]).optional(),
  bot_id: z.undefined().optional(),
});

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel };
/** Where it was heard, and as whom we speak there. */
export type Heard = { teamId: string; botUserId: string | undefined };

/** Somewhere in a thread; `parentUserId` wrote its root. */
type InThread = { channelId: string; threadTs: string; parentUserId: string | undefined };

const NEW_S = 120; // a worker that died as it posted a card is followed within a lease, and Slack's next try comes after a minute

/**
 * What a person writes in the ticket's thread is information for support, and what an agent writes there an answer
 * of support, once, however often it is delivered. False: it is in no thread of a ticket.
 */
export async function takeThreadReply(
  needs: Needs,
  heard: Heard,
  event: unknown,
): Promise<boolean> {
  const reply = Reply.safeParse(event);
  if (!reply.success || isBare(reply.data)) return false;
  const { teamId } = heard;
  const { channel: channelId, user: userId, ts, thread_ts: threadTs, text, files } = reply.data;
  const at = { channelId, threadTs, parentUserId: reply.data.parent_user_id };
  const ref = await ticketOf(needs, heard, at);
  if (!ref) return false;
  const ticket = await findTicket(needs.db, ref);

  const isAnswer = await isAgent(needs.people, needs.agentsChannel, { teamId, userId });
  const name = await nameOf(needs.people, ticket, { teamId, userId });
  await takeStep(needs.db, ref, {
    step: isAnswer ? "reply" : "inform",
    by: { kind: isAnswer ? "agent" : "requester", userId, name },
    ...(text !== "" && { body: asTyped(text) }),
    ...(files?.length && { files: { teamId, ids: files.map(({ id }) => id) } }),
    delivery: { source: "slack.message", key: `${teamId}+${channelId}+${ts}` },
    fromThread: true,
  });
  return true;
}

/** Whether what is written there is for support. RetryLater while that cannot be said. */
export async function isOfTicket(
  needs: Pick<Needs, "db" | "agentsChannel">,
  heard: Heard,
  at: InThread,
): Promise<boolean> {
  return (await ticketOf(needs, heard, at)) !== undefined;
}

function isBare({ text, files = [] }: z.output<typeof Reply>): boolean {
  return text === "" && files.length === 0;
}

async function ticketOf(
  { db, agentsChannel }: Pick<Needs, "db" | "agentsChannel">,
  heard: Heard,
  { channelId, threadTs, parentUserId }: InThread,
): Promise<TicketRef | undefined> {
  const { teamId } = heard;
  const ref = await findTicketOfThread(db, { teamId, channelId, threadTs });
  if (ref) return ref;
  const isTriage = agentsChannel.teamId === teamId && agentsChannel.channelId === channelId;
  if (!isTriage) mustNotBeNew(heard, { threadTs, parentUserId });
  return undefined;
}

/** Our card stands in Slack a moment before we know where: whoever answers it at once is heard the next time. */
export function mustNotBeNew(
  { botUserId }: Heard,
  { threadTs, parentUserId }: Pick<InThread, "threadTs" | "parentUserId">,
): void {
  const isOurs = botUserId !== undefined && parentUserId === botUserId;
  const isNew = Date.now() / 1000 - Number(threadTs) < NEW_S;
  if (isOurs && isNew) throw new RetryLater("the card of this thread may not be saved yet");
}

/** As a person wrote it, without what Slack escapes and the database does not take. */
export function asTyped(text: string): string {
  return unescaped(text.replaceAll("\0", ""));
}

async function nameOf(people: People, ticket: Ticket, at: PersonAddress): Promise<string> {
  const isRequester = at.userId === ticket.requester_user_id;
  return (await nameIn(people, at)) ?? (isRequester ? ticket.requester_name : at.userId);
}

/** Slack's silence about a person must not cost us their words. */
export async function nameIn(people: People, at: PersonAddress): Promise<string | undefined> {
  const person = people.known(at) ?? (await people.ask(at).catch(() => undefined));
  return person?.name;
}

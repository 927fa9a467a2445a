import { z } from "zod";
import type { Db } from "#db/connect.ts";
import type { People } from "#slack/people.ts";
import { takeStep } from "./step.ts";
import { findTicketByThread } from "./store.ts";

/** A plain message of a person; edits, deletions and what apps write are other shapes. */
const Reply = z.object({
  channel: z.string(),
  user: z.string(),
  text: z.string().trim().min(1),
  ts: z.string(),
  thread_ts: z.string(),
  subtype: z.literal("thread_broadcast").optional(),
  bot_id: z.undefined().optional(),
});

/** What a person writes in the ticket's thread is information for support, once, however often it is delivered. */
export async function takeThreadReply(
  { db, people }: { db: Db; people: People },
  teamId: string,
  event: unknown,
): Promise<void> {
  const reply = Reply.safeParse(event);
  if (!reply.success) return;
  const { channel: channelId, user: userId, ts, thread_ts: threadTs, text } = reply.data;
  const ticket = await findTicketByThread(db, { teamId, channelId, threadTs });
  if (!ticket) return;

  const person = people.known({ teamId, userId }) ?? (await people.ask({ teamId, userId }));
  await takeStep(
    db,
    { accountId: ticket.account_id, ticketId: ticket.id },
    {
      step: "inform",
      by: { kind: "requester", userId, name: person.name },
      body: asTyped(text),
      delivery: { source: "slack.message", key: `${teamId}+${channelId}+${ts}` },
      fromThread: true,
    },
  );
}

/** Slack escapes three characters in the text of events; we keep what was typed. */
function asTyped(text: string): string {
  return text
    .replaceAll("\u0000", "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

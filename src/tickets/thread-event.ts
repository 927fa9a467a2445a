import { z } from "zod";
import { unescaped } from "#slack/mrkdwn.ts";
import { FileId } from "./ticket.ts";

const Said = z.object({
  user: z.string(),
  text: z.string(),
  files: z.array(z.looseObject({ id: FileId })).optional(),
  ts: z.string(),
  thread_ts: z.string(),
  parent_user_id: z.string().optional(),
  bot_id: z.undefined().optional(),
});
const Written = Said.extend({
  channel: z.string(),
  subtype: z.enum(["thread_broadcast", "file_share"]).optional(),
});
/** Without `edited` it is no person's doing: a link was unfolded. */
const Edited = z.object({
  channel: z.string(),
  subtype: z.literal("message_changed"),
  message: Said.extend({ edited: z.object({ ts: z.string() }) }),
});
const Deleted = z.object({
  channel: z.string(),
  subtype: z.literal("message_deleted"),
  previous_message: Said,
});

/** What a person has done to a message in a thread: wrote it, changed its words, or took it back. */
export type ThreadEvent = {
  channelId: string;
  threadTs: string;
  /** Who wrote the root of the thread. */
  parentUserId: string | undefined;
  ts: string;
  userId: string;
  /** As they typed it, without blanks around it. Of a deletion: what was deleted. */
  text: string;
  fileIds: string[];
} & ({ did: "write" | "delete" } | { did: "edit"; editedTs: string });

/** Slack's `message` event in our words; undefined for what apps write, and for what is in no thread. */
export function readThreadEvent(event: unknown): ThreadEvent | undefined {
  const written = Written.safeParse(event);
  if (written.success) {
    const { channel, ...said } = written.data;
    return { ...inThread(channel, said), did: "write" };
  }
  const edited = Edited.safeParse(event);
  if (edited.success) {
    const { channel, message } = edited.data;
    return { ...inThread(channel, message), did: "edit", editedTs: message.edited.ts };
  }
  const deleted = Deleted.safeParse(event);
  if (!deleted.success) return undefined;
  return { ...inThread(deleted.data.channel, deleted.data.previous_message), did: "delete" };
}

function inThread(channelId: string, said: z.output<typeof Said>) {
  return {
    channelId,
    threadTs: said.thread_ts,
    parentUserId: said.parent_user_id,
    ts: said.ts,
    userId: said.user,
    text: asTyped(said.text).trim(),
    fileIds: (said.files ?? []).map(({ id }) => id),
  };
}

/** As a person wrote it, without what Slack escapes and the database does not take. */
export function asTyped(text: string): string {
  return unescaped(text.replaceAll("\0", ""));
}

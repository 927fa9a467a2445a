import { z } from "zod";
import { withoutControls } from "#control-characters.ts";
import { FileId } from "./ticket.ts";

const Files = z.array(z.looseObject({ id: FileId, mode: z.string().optional() }));
const Said = z.object({
  user: z.string(),
  text: z.string(),
  files: Files.optional(),
  ts: z.string(),
  thread_ts: z.string(),
  parent_user_id: z.string().optional(),
  bot_id: z.undefined().optional(),
});
const Written = Said.extend({
  channel: z.string(),
  subtype: z.enum(["thread_broadcast", "file_share"]).optional(),
});
/** Without `edited` nobody changed its words: a link was unfolded, or a file was deleted. */
const Changed = z.object({
  channel: z.string(),
  subtype: z.literal("message_changed"),
  message: Said.extend({ edited: z.object({ ts: z.string() }).optional() }),
  previous_message: z.object({ files: Files.optional() }).optional(),
});
const Deleted = z.object({
  channel: z.string(),
  subtype: z.literal("message_deleted"),
  previous_message: Said,
});

/** What a person has done to a message in a thread: wrote it, changed its words, deleted a file of it, or took it back. */
export type ThreadEvent = {
  channelId: string;
  threadTs: string;
  /** Who wrote the root of the thread. */
  parentUserId: string | undefined;
  ts: string;
  userId: string;
  /** In mrkdwn, as Slack has it, without blanks around it. Of a deletion: what was deleted. */
  text: string;
  fileIds: string[];
  /** What came with it, and was deleted since. */
  goneFileIds: string[];
} & ({ did: "write" | "delete" | "lose-files" } | { did: "edit"; editedTs: string });

/** With what a person reads there. */
export type ReadThreadEvent = ThreadEvent & { body: string };

/** Slack's `message` event in our words; undefined for what apps write, and for what is in no thread. */
export function readThreadEvent(event: unknown): ThreadEvent | undefined {
  const written = Written.safeParse(event);
  if (written.success) {
    const { channel, ...said } = written.data;
    return { ...inThread(channel, said), did: "write" };
  }
  const changed = Changed.safeParse(event);
  if (changed.success) return readChange(changed.data);
  const deleted = Deleted.safeParse(event);
  if (!deleted.success) return undefined;
  return { ...inThread(deleted.data.channel, deleted.data.previous_message), did: "delete" };
}

function readChange(changed: z.output<typeof Changed>): ThreadEvent | undefined {
  const { channel, message, previous_message: before } = changed;
  const said = inThread(channel, message);
  const lost = idsOf(before?.files).filter((id) => !said.fileIds.includes(id));
  const goneFileIds = [...new Set([...said.goneFileIds, ...lost])];
  if (message.edited) return { ...said, goneFileIds, did: "edit", editedTs: message.edited.ts };
  return goneFileIds.length > 0 ? { ...said, goneFileIds, did: "lose-files" } : undefined;
}

function inThread(channelId: string, said: z.output<typeof Said>) {
  return {
    channelId,
    threadTs: said.thread_ts,
    parentUserId: said.parent_user_id,
    ts: said.ts,
    userId: said.user,
    text: withoutControls(said.text).trim(),
    fileIds: idsOf(said.files?.filter((file) => !isGone(file))),
    goneFileIds: idsOf(said.files?.filter(isGone)),
  };
}

function idsOf(files: z.output<typeof Files> = []): string[] {
  return files.map(({ id }) => id);
}

/** What Slack leaves in the place of a file that was deleted. */
function isGone({ mode }: z.output<typeof Files>[number]): boolean {
  return mode === "tombstone";
}

import { z } from "zod";
import type { AgentsChannel } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { People } from "#slack/people.ts";
import { findTicketOfTriageThread } from "./store-cards.ts";
import { deleteNote, editNote, insertNote, type NotePlace } from "./store-notes.ts";
import { asTyped, type Heard, mustNotBeNew, nameIn } from "./thread-reply.ts";

const Said = z.object({
  user: z.string(),
  text: z.string(),
  ts: z.string(),
  thread_ts: z.string(),
  parent_user_id: z.string().optional(),
  bot_id: z.undefined().optional(),
});
const Written = Said.extend({
  channel: z.string(),
  subtype: z.enum(["thread_broadcast", "file_share"]).optional(),
});
const Changed = z.object({
  channel: z.string(),
  subtype: z.literal("message_changed"),
  message: Said.extend({ edited: z.object({ ts: z.string() }) }),
});
const Deleted = z.object({
  channel: z.string(),
  subtype: z.literal("message_deleted"),
  deleted_ts: z.string(),
  previous_message: Said,
});

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel };
type Said = z.output<typeof Said>;

/**
 * What an agent writes in the thread of a triage card is a note: kept, and sent nowhere. Posts, edits and deletions end
 * the same in whatever order and however often they come.
 */
export async function takeNote(needs: Needs, heard: Heard, event: unknown): Promise<void> {
  const { db, agentsChannel } = needs;
  const { channelId, teamId } = agentsChannel;
  if (heard.teamId !== teamId) return;
  const isThere = ({ channel }: { channel: string }) => channel === channelId;
  const place = (ts: string): NotePlace => ({ teamId, channelId, ts });

  const written = Written.safeParse(event);
  if (written.success && isThere(written.data)) {
    const note = await noteOf(needs, written.data);
    const { ts, thread_ts: threadTs, parent_user_id: parentUserId } = written.data;
    if (!note) return mustNotBeNew(heard, { threadTs, parentUserId });
    return insertNote(db, place(ts), note);
  }
  const changed = Changed.safeParse(event);
  if (changed.success && isThere(changed.data)) {
    const { message } = changed.data;
    const note = await noteOf(needs, message);
    if (note) await editNote(db, place(message.ts), { ...note, editedTs: message.edited.ts });
    return;
  }
  const deleted = Deleted.safeParse(event);
  if (!deleted.success || !isThere(deleted.data)) return;
  const note = await noteOf(needs, deleted.data.previous_message);
  if (note) await deleteNote(db, place(deleted.data.deleted_ts), note);
}

/** Whose it is, and about which ticket; nothing where the thread is no triage card's. */
async function noteOf({ db, people, agentsChannel }: Needs, said: Said) {
  const ref = await findTicketOfTriageThread(db, { ...agentsChannel, threadTs: said.thread_ts });
  if (!ref) return undefined;
  const { user: userId } = said;
  const name = (await nameIn(people, { teamId: agentsChannel.teamId, userId })) ?? userId;
  return { ref, author: { userId, name }, body: asTyped(said.text).trim() };
}

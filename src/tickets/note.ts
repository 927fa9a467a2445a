import { z } from "zod";
import type { AgentsChannel } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
import { unescaped } from "#slack/mrkdwn.ts";
import type { People } from "#slack/people.ts";
import { findTicketOfTriageCard } from "./store-cards.ts";
import { deleteNote, editNote, insertNote, type NotePlace } from "./store-notes.ts";

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
type Heard = { teamId: string; botUserId: string | undefined };
type Said = z.output<typeof Said>;

const NEW_S = 120; // a worker that died as it posted a card is followed within a lease

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
    if (!note) return mayCome(heard, written.data);
    await insertNote(db, place(written.data.ts), note);
    return;
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
  const ref = await findTicketOfTriageCard(db, { ...agentsChannel, ts: said.thread_ts });
  if (!ref) return undefined;
  const { user: userId } = said;
  const at = { teamId: agentsChannel.teamId, userId };
  const person = people.known(at) ?? (await people.ask(at).catch(() => undefined));
  const body = unescaped(said.text.replaceAll("\0", "")).trim();
  return { ref, author: { userId, name: person?.name ?? userId }, body };
}

/** The card stands in Slack a moment before we know where: whoever writes under it at once is heard the next time. */
function mayCome({ botUserId }: Heard, { parent_user_id: parentUserId, thread_ts }: Said): void {
  const isOurs = botUserId !== undefined && parentUserId === botUserId;
  const isNew = Date.now() / 1000 - Number(thread_ts) < NEW_S;
  if (isOurs && isNew) throw new RetryLater("the card of this thread may not be saved yet");
}

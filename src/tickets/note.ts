import type { Db } from "#db/connect.ts";
import { noteSeen } from "./receipts.ts";
import { findTicketOfTriageThread } from "./store-cards.ts";
import { deleteNote, editNote, insertNote, type NewNote, type NotePlace } from "./store-notes.ts";
import type { ThreadEvent } from "./thread-event.ts";
import { type Heard, mustNotBeNew, type Needs, nameIn, readSaid } from "./thread-reply.ts";

/**
 * What an agent writes in the thread of a triage card is a note: kept, and sent nowhere. Posts, edits and deletions end
 * the same in whatever order and however often they come.
 */
export async function takeNote(
  { db, people, agentsChannel }: Needs,
  heard: Heard,
  said: ThreadEvent,
): Promise<void> {
  const { teamId, channelId } = agentsChannel;
  const { userId, ts, threadTs } = said;
  if (heard.teamId !== teamId || said.channelId !== channelId) return;
  const ref = await findTicketOfTriageThread(db, { ...agentsChannel, threadTs });
  if (!ref) return mustNotBeNew(heard, said);
  const name = (await nameIn(people, { teamId, userId })) ?? userId;
  const { body } = await readSaid(people, heard, said);
  const note = { ref, author: { userId, name }, body };
  const place: NotePlace = { teamId, channelId, ts };
  if (said.did === "write") await write(db, place, note);
  else if (said.did === "edit") await editNote(db, place, { ...note, editedTs: said.editedTs });
  else await deleteNote(db, place, note);
}

async function write(db: Db, place: NotePlace, note: NewNote): Promise<void> {
  await insertNote(db, place, note);
  await noteSeen(db, note.ref); // who writes about it has read it
}

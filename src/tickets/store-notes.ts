import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { TicketRef } from "./store.ts";

/** Of the message in Slack: one note each. */
export type NotePlace = { teamId: string; channelId: string; ts: string };
/** For agents alone. No function that tells a customer anything takes one. */
export type Note = { id: string; authorName: string; note: string };
export type NewNote = {
  ref: TicketRef;
  author: { userId: string; name: string };
  body: string;
};

const OTHERS = "24 hours"; // what was noted of late about other tickets can slip into an answer, too
const MOST = 500;

export async function insertNote(db: Db, at: NotePlace, note: NewNote): Promise<void> {
  await db
    .insertInto("note")
    .values(rowOf(at, note))
    .onConflict((oc) => oc.doNothing())
    .execute();
}

/** An older version than the one that is there changes nothing. */
export async function editNote(
  db: Db,
  at: NotePlace,
  { editedTs, ...note }: NewNote & { editedTs: string },
): Promise<void> {
  await db
    .insertInto("note")
    .values({ ...rowOf(at, note), edited_ts: editedTs })
    .onConflict((oc) =>
      oc
        .columns(["team_id", "channel_id", "ts"])
        .doUpdateSet({ body: note.body, edited_ts: editedTs })
        .where("note.deleted_at", "is", null)
        .where("note.edited_ts", "<", editedTs),
    )
    .execute();
}

/** Its words are gone; that it stood there stays. */
export async function deleteNote(db: Db, at: NotePlace, note: NewNote): Promise<void> {
  const gone = { body: "", deleted_at: sql<Date>`deskline_now()` };
  await db
    .insertInto("note")
    .values({ ...rowOf(at, note), ...gone })
    .onConflict((oc) => oc.columns(["team_id", "channel_id", "ts"]).doUpdateSet(gone))
    .execute();
}

/** The newest of this ticket, and of all that were written about others of late: many of those take no place from its own. */
export async function findRecentNotes(db: Db, ref: TicketRef): Promise<Note[]> {
  const standing = sql`deleted_at is null and body <> ''`;
  const { rows } = await sql<Note>`
    (select id, author_name as "authorName", body as note from note
      where ${standing} and account_id = ${ref.accountId} and ticket_id = ${ref.ticketId}
      order by at desc limit ${MOST})
    union all
    (select id, author_name as "authorName", body as note from note
      where ${standing} and ticket_id <> ${ref.ticketId} and at > deskline_now() - ${OTHERS}::interval
      order by at desc limit ${MOST})`.execute(db);
  return rows;
}

function rowOf({ teamId, channelId, ts }: NotePlace, { ref, author, body }: NewNote) {
  return {
    account_id: ref.accountId,
    ticket_id: ref.ticketId,
    team_id: teamId,
    channel_id: channelId,
    ts,
    author_user_id: author.userId,
    author_name: author.name,
    body,
  };
}

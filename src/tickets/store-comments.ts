import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Tables } from "#db/tables.ts";
import type { MessageAddress } from "#slack/messenger.ts";
import type { TicketRef } from "./store.ts";

export function placeOf({ teamId, channelId, ts }: MessageAddress) {
  return { team_id: teamId, channel_id: channelId, ts };
}

/** Whose comment this message has become. */
export async function findTicketOfComment(
  db: Db,
  accountId: string,
  at: MessageAddress,
): Promise<TicketRef | undefined> {
  return db
    .selectFrom("comment")
    .select(["account_id as accountId", "ticket_id as ticketId"])
    .where("account_id", "=", accountId)
    .where((eb) => eb.and(placeOf(at)))
    .executeTakeFirst();
}

const CHANGED = ["id", "author_kind", "author_user_id", "author_name", "edits"] as const;
export type Changed = Pick<Selectable<Tables["comment"]>, (typeof CHANGED)[number]>;

/** That stands. */
export async function findChanged(
  tx: Tx,
  accountId: string,
  at: MessageAddress,
): Promise<Changed | undefined> {
  return tx
    .selectFrom("comment")
    .select(CHANGED)
    .where("account_id", "=", accountId)
    .where((eb) => eb.and(placeOf(at)))
    .where("deleted_at", "is", null)
    .executeTakeFirst();
}

/** The next version. `isLatest`: what it says now is this; an older one counts, and no more. Undefined: no comment is there. */
export async function saveEdit(
  tx: Tx,
  accountId: string,
  at: MessageAddress,
  { body, editedTs }: { body: string; editedTs: string },
): Promise<(Changed & { isLatest: boolean; isGone: boolean }) | undefined> {
  const isNewer = sql<boolean>`deleted_at is null and edited_ts < ${editedTs}`;
  return tx
    .updateTable("comment")
    .set((eb) => ({
      edits: sql<number>`edits + 1`,
      body: sql<string>`case when ${isNewer} then ${body} else ${eb.ref("body")} end`,
      edited_ts: sql<string>`greatest(edited_ts, ${editedTs})`,
    }))
    .where("account_id", "=", accountId)
    .where((eb) => eb.and(placeOf(at)))
    .returning(CHANGED)
    .returning([
      sql<boolean>`deleted_at is null and edited_ts = ${editedTs}`.as("isLatest"),
      sql<boolean>`deleted_at is not null`.as("isGone"),
    ])
    .executeTakeFirst();
}

/** Its words are gone; that it stood there stays. Undefined: it was so before. */
export async function saveDeletion(
  tx: Tx,
  accountId: string,
  at: MessageAddress,
): Promise<Changed | undefined> {
  return tx
    .updateTable("comment")
    .set({ body: "", deleted_at: sql<Date>`deskline_now()` })
    .where("account_id", "=", accountId)
    .where((eb) => eb.and(placeOf(at)))
    .where("deleted_at", "is", null)
    .returning(CHANGED)
    .executeTakeFirst();
}

import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { TicketRef } from "./store.ts";

/** When a solved ticket is closed, if nobody says anything: both by the clock of the database. */
export type Ending = {
  /** It is this solving that stands: another has its own end. */
  isLast: boolean;
  isAnnounced: boolean;
  /** Its requester solved it: nobody needs to be asked. */
  isOwn: boolean;
  isToAnnounce: boolean;
  isOver: boolean;
  announceAt: Date;
  closeAt: Date;
};

/** `closeDays` after it was solved, and never sooner than `warnDays` after that was announced. */
export async function findEnding(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
  historyId: string,
  { closeDays, warnDays }: { closeDays: number; warnDays: number },
): Promise<Ending | undefined> {
  const { rows } = await sql<Ending>`
    with own as (
      select * from ticket_history where account_id = ${accountId} and ticket_id = ${ticketId}
    ),
    solved as (select at, actor_kind from own where id = ${historyId}),
    announced as (
      select max(own.at) as at from own, solved
      where event = 'closing-announced' and own.at > solved.at
    ),
    ending as (
      select announced.at is not null as "isAnnounced", solved.actor_kind = 'requester' as "isOwn",
        not exists (select from own, solved where event = 'solve' and own.at > solved.at) as "isLast",
        solved.at + make_interval(days => ${closeDays - warnDays}) as "announceAt",
        greatest(solved.at + make_interval(days => ${closeDays}),
          announced.at + make_interval(days => ${warnDays})) as "closeAt"
      from solved, announced
    )
    select *, "announceAt" <= deskline_now() as "isToAnnounce", "closeAt" <= deskline_now() as "isOver"
    from ending`.execute(tx);
  return rows[0];
}

export type Score = "good" | "bad";
export type Rating = { score: Score; words: string | null };

export async function findRating(db: Db, ref: TicketRef): Promise<Rating | undefined> {
  return db
    .selectFrom("satisfaction")
    .select(["score", "words"])
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .executeTakeFirst();
}

/** The words of before stay, unless there are new ones. */
export async function saveScore(
  db: Db,
  { accountId, ticketId }: TicketRef,
  { score, words }: { score: Score; words?: string | undefined },
): Promise<void> {
  await sql`
    insert into satisfaction (ticket_id, account_id, score, words)
    values (${ticketId}, ${accountId}, ${score}, ${words ?? null})
    on conflict (ticket_id) do update set score = excluded.score, at = excluded.at,
      words = coalesce(excluded.words, satisfaction.words)`.execute(db);
}

import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import { SHOWN, type Shown, type TicketRef, updateTicket } from "./store.ts";

/** What a desk is told, and how the account is called there. */
export type TicketToFile = Awaited<ReturnType<typeof findTicketToFile>>;

export async function findTicketToFile(db: Db, ref: TicketRef) {
  return db
    .selectFrom("ticket")
    .innerJoin("account", "account.id", "ticket.account_id")
    .select(["ticket.id", "account_id", "account.name as account_name", "number", "language"])
    .select(["asked_team_id", "asked_channel_id", "message_url", "card_ts"])
    .select(["subject", "description", "what", "who", "workaround", "priority", "topic_name"])
    .select(["why", "contact_team_id", "contact_user_id", "contact_name", "contact_email"])
    .select(["requester_team_id", "requester_user_id", "requester_name", "requester_email"])
    .select(["follows_id", "ticket.created_at"])
    .where("account_id", "=", ref.accountId)
    .where("ticket.id", "=", ref.ticketId)
    .executeTakeFirstOrThrow(() => new Problem("ticket-not-found", {}));
}

export type AtDesk = { name: string; id: string; url?: string | undefined };

export async function saveFiled(tx: Tx, ref: TicketRef, desk: AtDesk): Promise<Shown> {
  return updateTicket(tx, ref)
    .set({ desk_name: desk.name, desk_id: desk.id, desk_url: desk.url ?? null })
    .returning(SHOWN)
    .executeTakeFirstOrThrow();
}

/** The table `filed`, which has a row when `referenced` has one and nothing shows the ticket yet. */
export function filedUnseen(ref: TicketRef, desk: AtDesk): RawBuilder<unknown> {
  return sql`
    filed as (
      update ticket set version = version + 1, desk_name = ${desk.name}, desk_id = ${desk.id},
        desk_url = ${desk.url ?? null}
      where account_id = ${ref.accountId} and id = ${ref.ticketId}
        and card_ts is null and triage_ts is null and exists (select from referenced)
      returning id
    )`;
}

/** The desk is the vendor's own and knows tickets of every account; from here on the account is named again. */
export async function findTicketOfDesk(db: Db, ticketId: string): Promise<TicketRef> {
  return db
    .selectFrom("ticket")
    .select(["account_id as accountId", "id as ticketId"])
    .where("id", "=", ticketId)
    .executeTakeFirstOrThrow(() => new Problem("ticket-not-found", {}));
}

import { sql } from "kysely";
import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
import type { Desk, DeskChange, FiledTicket, NewDeskTicket } from "./desk.ts";
import { refusal } from "./refusal.ts";

export const embeddedSettings = z.object({});

const sqlState = z.object({ code: z.string().length(5) });

/** Our own desk, in Postgres. It has nothing to tell us: agents answer in Slack. */
export async function openEmbeddedDesk(_settings: object, { db }: { db: Db }): Promise<Desk> {
  return {
    name: "embedded",
    async create(ticket, signal) {
      const filed = await asked(ticket.number, findOrCreate(db, ticket, signal));
      if (!filed) throw refusal(ticket.number, "the desk holds this ticket for another account");
      return { id: filed.number };
    },
    async change(ticket, change, signal) {
      const { rows } = await asked(ticket.number, addOnce(db, ticket, change, signal));
      if (!rows[0]) throw refusal(ticket.number, "the desk does not hold this ticket");
    },
  };
}

function findOrCreate(db: Db, ticket: NewDeskTicket, signal: AbortSignal) {
  return db
    .insertInto("desk_ticket")
    .values({
      ticket_id: ticket.ticketId,
      account_id: ticket.accountId,
      number: ticket.number,
      ticket: JSON.stringify(ticket),
    })
    .onConflict((conflict) =>
      conflict
        .column("ticket_id")
        // It changes nothing, but only a row that was written is returned.
        .doUpdateSet((eb) => ({ ticket_id: eb.ref("excluded.ticket_id") }))
        .whereRef("desk_ticket.account_id", "=", "excluded.account_id"),
    )
    .returning("number")
    .executeTakeFirst({ signal });
}

/** Gives one row when the ticket is there, added or not. */
function addOnce(db: Db, ticket: FiledTicket, change: DeskChange, signal: AbortSignal) {
  return sql`
    with filed as (
      select account_id, ticket_id from desk_ticket
      where account_id = ${ticket.accountId} and ticket_id = ${ticket.ticketId}
    ),
    added as (
      insert into desk_change (change_id, account_id, ticket_id, change)
      select ${change.changeId}, account_id, ticket_id, ${JSON.stringify(change)}::jsonb from filed
      on conflict (change_id) do nothing
    )
    ${change.kind === "comment-deleted" ? redacted(ticket, change.commentId) : sql``}
    select ticket_id from filed`.execute(db, { signal });
}

/** Every version of it. */
function redacted({ accountId, ticketId }: FiledTicket, commentId: string) {
  return sql`
    , redacted as (
      update desk_change set change = jsonb_set(change, '{body}', '""')
      where account_id = ${accountId} and ticket_id = ${ticketId} and change ? 'body'
        and (change_id = ${commentId} or change ->> 'commentId' = ${commentId})
    )`;
}

/** SQLSTATE classes: 22 and 23 mean that the record can never hold it, 42 is a bug; the others pass. */
async function asked<T>(number: string, query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    const state = sqlState.safeParse(error).data?.code ?? "";
    if (/^2[23]/.test(state)) throw refusal(number, String(error));
    if (state.startsWith("42")) throw error;
    throw new RetryLater("the database does not answer", { cause: error });
  }
}

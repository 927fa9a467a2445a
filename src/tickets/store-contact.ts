import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { ContactAnswer, ContactState, Tables } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import {
  contactColumns,
  type NamedPerson,
  type Ticket,
  type TicketRef,
  updateTicket,
} from "./store.ts";

export type Ask = Selectable<Tables["contact_ask"]>;

const NOW = sql<Date>`deskline_now()`;

/** Begins a turn: what was to happen at the end of the one before does not happen. Answers its number and its end. */
export async function saveTurn(
  tx: Tx,
  ref: TicketRef,
  next: { state: ContactState; minutes: number | undefined; round?: number; contact?: NamedPerson },
): Promise<{ turn: number; dueAt: Date | null }> {
  const { contact } = next;
  const { contact_turn: turn, contact_due_at: dueAt } = await updateTicket(tx, ref)
    .set((eb) => ({
      contact_state: next.state,
      contact_turn: eb("contact_turn", "+", 1),
      contact_due_at: next.minutes === undefined ? null : inMinutes(next.minutes),
      ...(next.round !== undefined && { contact_round: next.round }),
      ...(contact && contactColumns(contact)),
    }))
    .returning(["contact_turn", "contact_due_at"])
    .executeTakeFirstOrThrow();
  return { turn, dueAt };
}

/**
 * Who has not been asked in this round: the contact when they were there last or were never asked, then whoever was
 * asked before, then those the account names, in its order.
 */
export async function findNextToAsk(
  tx: Tx,
  ticket: Ticket,
  round: number,
): Promise<NamedPerson | undefined> {
  const { account_id, id, contact_team_id, contact_user_id, contact_name } = ticket;
  const { rows } = await sql<NamedPerson>`
    with asks as (select * from contact_ask where account_id = ${account_id} and ticket_id = ${id}),
    contact as (
      select ${contact_team_id}::text as team_id, ${contact_user_id}::text as user_id, ${contact_name}::text as name,
        coalesce((
          select answer = 'here' from asks where team_id = ${contact_team_id} and user_id = ${contact_user_id}
          order by round desc limit 1
        ), not exists (select from asks where team_id = ${contact_team_id} and user_id = ${contact_user_id}))
          as is_first
    )
    select candidate.team_id as "teamId", candidate.user_id as "userId",
      coalesce(candidate.name, person.name, candidate.user_id) as name
    from (
      select 0 as part, 0 as place, team_id, user_id, name from contact where is_first
      union all
      select 1, (row_number() over (order by round, seq))::integer, team_id, user_id, name from asks
      union all
      select 2, place, team_id, user_id, null from account_contact where account_id = ${account_id}
    ) as candidate
    left join person using (team_id, user_id)
    where candidate.user_id is not null and not exists (
      select from asks
      where asks.round = ${round} and asks.team_id = candidate.team_id and asks.user_id = candidate.user_id
    )
    order by part, place, user_id limit 1`.execute(tx);
  return rows[0];
}

/** Not standing in for anybody: the one who was named, or was there until now. */
export async function isFirstOfRound(db: Db, ask: Ask): Promise<boolean> {
  const earlier = await db
    .selectFrom("contact_ask")
    .select("id")
    .where("account_id", "=", ask.account_id)
    .where("ticket_id", "=", ask.ticket_id)
    .where("round", "=", ask.round)
    .where("seq", "<", ask.seq)
    .executeTakeFirst();
  return earlier === undefined;
}

export async function insertAsk(
  tx: Tx,
  ref: TicketRef,
  asked: NamedPerson & { round: number },
): Promise<string> {
  const { id } = await tx
    .insertInto("contact_ask")
    .values({
      account_id: ref.accountId,
      ticket_id: ref.ticketId,
      round: asked.round,
      team_id: asked.teamId,
      user_id: asked.userId,
      name: asked.name,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function findAsk(db: Db, ref: TicketRef & { askId: string }): Promise<Ask> {
  return db
    .selectFrom("contact_ask")
    .selectAll()
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("id", "=", ref.askId)
    .executeTakeFirstOrThrow(() => new Problem("ticket-not-found", {}));
}

/** The last one of them counts: who was not available may be there later. */
export async function saveAnswer(tx: Tx, ask: Ask, answer: ContactAnswer): Promise<void> {
  await tx
    .updateTable("contact_ask")
    .set({ answer, answered_at: NOW })
    .where("account_id", "=", ask.account_id)
    .where("id", "=", ask.id)
    .execute();
}

/** Whoever was asked in this round and said nothing. */
export async function saveSilence(tx: Tx, ref: TicketRef, round: number): Promise<void> {
  await tx
    .updateTable("contact_ask")
    .set({ answer: "silent", answered_at: NOW })
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("round", "=", round)
    .where("answer", "is", null)
    .execute();
}

/** The last who was asked. */
export async function findLastAsk(tx: Tx, ref: TicketRef, round: number): Promise<Ask | undefined> {
  return tx
    .selectFrom("contact_ask")
    .selectAll()
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("round", "=", round)
    .orderBy(sql`coalesce(answered_at, 'infinity')`, "desc")
    .executeTakeFirst();
}

/** The message has reached Slack only now: the time to answer begins. Once, also when the job runs again. */
export async function beginAnswerTime(
  tx: Tx,
  { accountId, ticketId, askId, turn }: TicketRef & { askId: string; turn: number },
  minutes: number,
): Promise<void> {
  await sql`
    with asked as (
      update contact_ask set asked_at = ${NOW}
      where account_id = ${accountId} and id = ${askId} and asked_at is null returning id
    )
    update ticket set contact_due_at = ${inMinutes(minutes)}, version = version + 1
    where account_id = ${accountId} and id = ${ticketId} and contact_turn = ${turn}
      and contact_state = 'asking' and exists (select from asked)`.execute(tx);
}

export async function isTurnOver(tx: Tx, ref: TicketRef): Promise<boolean> {
  const { isOver } = await tx
    .selectFrom("ticket")
    .select(sql<boolean>`contact_due_at <= ${NOW}`.as("isOver"))
    .where("account_id", "=", ref.accountId)
    .where("id", "=", ref.ticketId)
    .executeTakeFirstOrThrow();
  return isOver;
}

/** Whether the question of this turn, or the announcement that begins it, is still on its way. */
export async function isStillUnsaid(tx: Tx, ticket: Ticket): Promise<boolean> {
  const { id, contact_state } = ticket;
  const names =
    contact_state === "asking"
      ? ["ticket.ask-contact"]
      : ["ticket.tell-customer", "ticket.tell-agents"];
  if (contact_state !== "asking" && contact_state !== "falling") return false;
  const { rows } = await sql`
    select from job
    where name = any (${names}::text[]) and payload ->> 'ticketId' = ${id}
      and done_at is null and dead_at is null and created_at <= ${ticket.contact_due_at}
    limit 1`.execute(tx);
  return rows.length > 0;
}

/** By the clock of the database. */
export async function momentIn(tx: Tx, ms: number): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`
    select ${NOW} + ${`${ms} milliseconds`}::interval as at`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error("the database has no clock");
  return row.at;
}

function inMinutes(minutes: number) {
  return sql<Date>`${NOW} + ${`${minutes} minutes`}::interval`;
}

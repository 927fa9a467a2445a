import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { ContactAnswer, ContactState, Tables } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import {
  addressOf,
  contactColumns,
  type NamedContact,
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
  next: {
    state: ContactState;
    minutes: number | undefined;
    round?: number;
    contact?: NamedContact;
  },
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

/** Until somebody is asked anew, or is there. */
export async function saveDeclined(tx: Tx, ref: TicketRef): Promise<void> {
  await updateTicket(tx, ref).set({ contact_declined: true }).execute();
}

/**
 * Who has not been asked in this round: the contact when they were there last or were never asked, then whoever was
 * asked before, then those the account names, in its order.
 */
export async function findNextToAsk(
  tx: Tx,
  ticket: Ticket,
  round: number,
): Promise<NamedContact | undefined> {
  const { account_id, id, contact_name: name, contact_email: email } = ticket;
  const { contact_team_id: teamId, contact_user_id: userId } = ticket;
  const { rows } = await sql<Pick<Ask, "team_id" | "user_id" | "email" | "name">>`
    with asks as (select * from contact_ask where account_id = ${account_id} and ticket_id = ${id}),
    named as (
      select ${teamId}::text as team_id, ${userId}::text as user_id, ${email}::text as email, ${name}::text as name,
        coalesce(${email}::text, ${teamId}::text || '/' || ${userId}::text) as who
    ),
    contact as (
      select * from named where coalesce(
        (select answer = 'here' from asks where asks.who = named.who order by round desc limit 1),
        not exists (select from asks where asks.who = named.who))
    )
    select candidate.team_id, candidate.user_id, candidate.email,
      coalesce(candidate.name, person.name, candidate.user_id) as name
    from (
      select 0 as part, 0 as place, team_id, user_id, email, name, who from contact
      union all
      select 1, (row_number() over (order by round, seq))::integer, team_id, user_id, email, name, who from asks
      union all
      select 2, place, team_id, user_id, null, null, team_id || '/' || user_id
      from account_contact where account_id = ${account_id}
    ) as candidate
    left join person using (team_id, user_id)
    where candidate.who is not null
      and not exists (select from asks where asks.round = ${round} and asks.who = candidate.who)
    order by part, place, candidate.who limit 1`.execute(tx);
  return rows[0] && contactOf(rows[0]);
}

/** Whom a question went to. */
export function contactOf(ask: Pick<Ask, "team_id" | "user_id" | "email" | "name">): NamedContact {
  const { team_id: teamId, user_id: userId, email, name } = ask;
  if (email) return { email, name };
  if (!teamId || !userId) throw new Error("a question to nobody");
  return { teamId, userId, name };
}

/** Whom the ticket names. */
export function contactIn(ticket: Ticket): NamedContact | undefined {
  const { contact_team_id: team_id, contact_user_id: user_id } = ticket;
  const { contact_email: email, contact_name: name } = ticket;
  return name === null ? undefined : contactOf({ team_id, user_id, email, name });
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

/** Named by the requester, there before, or standing in for another. */
export type AskedAs = "named" | "again" | "instead";

export async function askedAs(db: Db, ask: Ask): Promise<AskedAs> {
  if (!(await isFirstOfRound(db, ask))) return "instead";
  const before = await db
    .selectFrom("contact_ask")
    .select("id")
    .where("account_id", "=", ask.account_id)
    .where("ticket_id", "=", ask.ticket_id)
    .where("who", "=", ask.who)
    .where("round", "<", ask.round)
    .where("answer", "=", "here")
    .executeTakeFirst();
  return before ? "again" : "named";
}

export async function insertAsk(
  tx: Tx,
  ref: TicketRef,
  { contact, round }: { contact: NamedContact; round: number },
): Promise<string> {
  const { id } = await tx
    .insertInto("contact_ask")
    .values({
      account_id: ref.accountId,
      ticket_id: ref.ticketId,
      round,
      ...addressOf(contact),
      name: contact.name,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Silence is none: they may still say something. */
export function isUnanswered({ answer }: Pick<Ask, "answer">): boolean {
  return answer === null || answer === "silent";
}

/**
 * The questions in Slack that are still to be answered, but for one: those since the last round in which somebody was
 * there, for all before were over then. `round`: of this one alone.
 */
export async function findOpenAsks(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
  { but, round }: { but: string | undefined; round: number | undefined },
): Promise<{ id: string; teamId: string }[]> {
  const { rows } = await sql<{ id: string; teamId: string }>`
    with asks as (
      select * from contact_ask where account_id = ${accountId} and ticket_id = ${ticketId}
        and id is distinct from ${but ?? null}::uuid
    )
    select id, team_id as "teamId" from asks
    where team_id is not null and coalesce(answer, 'silent') = 'silent'
      and round = coalesce(${round ?? null}::integer, round)
      and not exists (select from asks as there where there.answer = 'here' and there.round >= asks.round)
    order by seq`.execute(tx);
  return rows;
}

/** The last one in Slack that was answered by somebody who is there. */
export async function findAskOfWhoIsThere(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
): Promise<{ id: string; teamId: string } | undefined> {
  const { rows } = await sql<{ id: string; teamId: string }>`
    select id, team_id as "teamId" from contact_ask
    where account_id = ${accountId} and ticket_id = ${ticketId} and team_id is not null and answer = 'here'
    order by seq desc limit 1`.execute(tx);
  return rows[0];
}

/** Whether its question is still to reach Slack. */
export async function isAskUnderWay(db: Db, ask: Ask): Promise<boolean> {
  const { rows } = await sql`
    select from job
    where name = 'ticket.ask-contact' and payload ->> 'ticketId' = ${ask.ticket_id}
      and payload ->> 'accountId' = ${ask.account_id} and payload ->> 'askId' = ${ask.id}
      and done_at is null and dead_at is null
    limit 1`.execute(db);
  return rows.length > 0;
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

/** Of the page where it is answered; the key that the secret is made from may have changed since. */
export async function saveSecretHash(db: Db, ask: Ask, secretHash: string): Promise<void> {
  await db
    .updateTable("contact_ask")
    .set({ secret_hash: secretHash })
    .where("account_id", "=", ask.account_id)
    .where("id", "=", ask.id)
    .execute();
}

export async function findAskOfPage(db: Db, secretHash: string): Promise<Ask | undefined> {
  return db
    .selectFrom("contact_ask")
    .selectAll()
    .where("secret_hash", "=", secretHash)
    .executeTakeFirst();
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

/** The question has arrived only now: the time to answer begins. Once, also when the job runs again. */
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
      : ["ticket.tell-customer", "ticket.mail-step", "ticket.tell-agents"];
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

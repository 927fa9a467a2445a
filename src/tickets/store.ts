import { type Insertable, type RawBuilder, type Selectable, sql } from "kysely";
import type { Place } from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import { RepeatedDelivery, type Source } from "#db/inbox.ts";
import type { Priority, Status, Tables } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import type { PersonAddress } from "#slack/people.ts";
import type { Actor } from "./store-history.ts";

export type Ticket = Selectable<Tables["ticket"]>;
/** Every query names the account: a ticket of another account is not found. */
export type TicketRef = { accountId: string; ticketId: string };

const ASKED = [
  "id",
  "account_id",
  "requester_user_id",
  "asked_team_id",
  "asked_channel_id",
] as const;
export const SHOWN = [...ASKED, "card_ts", "triage_team_id", "triage_ts"] as const;
/** Where a ticket was asked, and where it is shown. */
export type Asked = Pick<Ticket, (typeof ASKED)[number]>;
export type Shown = Pick<Ticket, (typeof SHOWN)[number]>;

type SlackColumn = "requester_team_id" | "requester_user_id" | "asked_team_id" | "asked_channel_id";
/** One that was asked in Slack, by somebody there. Any other came by the web form and has an e-mail address. */
export type SlackTicket<T = Ticket> = T & { [K in keyof T & SlackColumn]: string };

/** By name, for a statement with `*` is not prepared. */
export const ALL = [
  "id",
  "account_id",
  "number",
  "subject",
  "description",
  "what",
  "who",
  "workaround",
  "priority",
  "status",
  "language",
  "requester_team_id",
  "requester_user_id",
  "requester_name",
  "requester_email",
  "assignee_user_id",
  "assignee_name",
  "topic",
  "topic_name",
  "why",
  "contact_team_id",
  "contact_user_id",
  "contact_name",
  "asked_priority",
  "contact_state",
  "contact_turn",
  "contact_round",
  "contact_due_at",
  "contact_declined",
  "contact_email",
  "asked_team_id",
  "asked_channel_id",
  "asked_message_ts",
  "asked_thread_ts",
  "message_url",
  "card_channel_id",
  "card_ts",
  "card_thread_ts",
  "card_url",
  "triage_team_id",
  "triage_channel_id",
  "triage_ts",
  "triage_listed_at",
  "seen_at",
  "waits_since",
  "first_answered_at",
  "follows_id",
  "follows_number",
  "opened_by_name",
  "links",
  "merged_into_id",
  "merged_into_number",
  "merged_at",
  "unmerged_status",
  "unmerged_waits_since",
  "attachments",
  "refused_attachments",
  "desk_name",
  "desk_id",
  "desk_url",
  "version",
  "created_at",
  "updated_at",
] as const satisfies (keyof Ticket)[];

/** The same as SQL, for what an ack waits for: to build the list costs a third of asking for it. */
const COLUMNS = columnsOf("ticket");
const LOCKED = columnsOf("locked");

function columnsOf(table: string): RawBuilder<unknown> {
  return sql.raw(ALL.map((column) => `${table}.${column}`).join(", "));
}

const NOT_NULL = "23502";
export const NOW = sql<Date>`deskline_now()`;

export type NewTicket = Omit<
  Insertable<Tables["ticket"]>,
  "id" | "account_id" | "status" | "version" | "asked_team_id" | "asked_channel_id"
>;

/**
 * Account, ticket, its words, first history row and inbox row in one statement: round trips are most of what an ack costs.
 * Undefined when this delivery was taken before; the caller's transaction must then leave nothing. `accountId`: SQL for
 * whose it is.
 */
export async function insertFiledTicket(
  tx: Tx,
  ticket: NewTicket,
  asked: {
    accountId: RawBuilder<string>;
    place?: Place;
    delivery: { source: Source; key: string };
    /** Absent: its requester. */
    by?: Actor;
  },
): Promise<{ id: string; number: number; accountId: string } | undefined> {
  const { accountId, place, delivery, by } = asked;
  const actor = by
    ? sql`${by.kind}, ${by.userId}, ${by.name}`
    : sql`'requester', requester_user_id, requester_name`;
  const columns = Object.keys(ticket).map((name) => sql.ref(name));
  const { rows } = await sql<{ id: string; number: number; accountId: string }>`
    with filed as (
      insert into ticket (account_id, asked_team_id, asked_channel_id, ${sql.join(columns)})
      values ((select id from account where id = ${accountId} and plan = 'paid'), ${place?.teamId}, ${place?.channelId},
        ${sql.join(Object.values(ticket))})
      returning id, number, account_id, subject, description, requester_user_id, requester_name
    ),
    worded as (
      insert into ticket_text (account_id, ticket_id, form)
      select account_id, id, search_form('DL-' || number || ' ' || subject || ' ' || description)
      from filed
    ),
    history as (
      insert into ticket_history
        (account_id, ticket_id, event, actor_kind, actor_user_id, actor_name, detail)
      select account_id, id, 'filed', ${actor}, '{}'::jsonb
      from filed
    ),
    delivered as (
      insert into inbox (source, key, answer)
      select ${delivery.source}, ${delivery.key}, jsonb_build_object('number', 'DL-' || number)
      from filed
      on conflict (source, key) do nothing returning key
    )
    select id, number, account_id as "accountId" from filed, delivered`
    .execute(tx)
    .catch(noAccount);
  return rows[0];
}

/** The ticket has no account_id: the place belongs to nobody we know, or to one who may not file. */
function noAccount(error: unknown): never {
  if ((error as { code?: string }).code !== NOT_NULL) throw error;
  throw new Problem("no-account", {}, { cause: error });
}

export function isInSlack<T extends Pick<Ticket, "asked_team_id">>(
  ticket: T,
): ticket is SlackTicket<T> {
  return ticket.asked_team_id !== null;
}

/** What somebody did who has no Slack: they see it on the page where they did it. */
export function isDoneOnPage(ticket: Pick<Ticket, "asked_team_id">, by: { kind: string }): boolean {
  return !isInSlack(ticket) && by.kind === "requester";
}

/** For what happens in the thread of a card, which only a ticket of Slack has. */
export function mustBeInSlack<T extends Pick<Ticket, "asked_team_id">>(ticket: T): SlackTicket<T> {
  if (isInSlack(ticket)) return ticket;
  throw new Error("a ticket of the web form has no place in Slack");
}

export async function findTicket(db: Db, ref: TicketRef): Promise<Ticket> {
  return db
    .selectFrom("ticket")
    .select(ALL)
    .where("account_id", "=", ref.accountId)
    .where("id", "=", ref.ticketId)
    .executeTakeFirstOrThrow(() => new Problem("ticket-not-found", {}));
}

/** Undefined where the account has no such ticket, whoever else has. */
export async function findTicketByNumber(
  db: Db,
  accountId: string,
  number: number,
): Promise<Ticket | undefined> {
  return db
    .selectFrom("ticket")
    .select(ALL)
    .where("account_id", "=", accountId)
    .where("number", "=", number)
    .executeTakeFirst();
}

/** Two people pressing at once come one after the other. */
export async function lockTicket(tx: Tx, ref: TicketRef): Promise<Ticket> {
  const { rows } = await locked(ref).execute(tx);
  const [ticket] = rows;
  if (!ticket) throw new Problem("ticket-not-found", {});
  return ticket;
}

/**
 * The same, and then the delivery is noted, in one statement: an ack waits for every round trip. RepeatedDelivery when
 * it was taken before.
 */
export async function lockForDelivery(
  tx: Tx,
  ref: TicketRef,
  { source, key }: { source: Source; key: string },
): Promise<Ticket> {
  const { rows } = await sql<Ticket & { isNew: boolean }>`
    with locked as (${locked(ref)}),
    taken as (
      insert into inbox (source, key, answer) values (${source}, ${key}, '{}')
      on conflict (source, key) do nothing returning key
    )
    select ${LOCKED}, exists (select from taken) as "isNew" from locked`.execute(tx);
  const [found] = rows;
  if (!found) throw new Problem("ticket-not-found", {});
  const { isNew, ...ticket } = found;
  if (!isNew) throw new RepeatedDelivery(`${source} ${key}`);
  return ticket;
}

function locked({ accountId, ticketId }: TicketRef): RawBuilder<Ticket> {
  return sql<Ticket>`
    select ${COLUMNS} from ticket where account_id = ${accountId} and id = ${ticketId} for update`;
}

/**
 * Several of one account, in the order of their ids: of two who lock the same, neither waits for what the other holds.
 * Problem("ticket-not-found") when one of them is not there.
 */
export async function lockTickets<const I extends readonly string[]>(
  tx: Tx,
  accountId: string,
  ids: I,
): Promise<{ -readonly [K in keyof I]: Ticket }> {
  const tickets = new Map<string, Ticket>();
  for (const ticketId of [...new Set(ids)].sort())
    tickets.set(ticketId, await lockTicket(tx, { accountId, ticketId }));
  return ids.map((id) => tickets.get(id)) as { -readonly [K in keyof I]: Ticket }; // each was locked above
}

/** One short transaction with the ticket as it is now. */
export async function withTicket(
  db: Db,
  ref: TicketRef,
  act: (tx: Tx, now: Ticket) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (tx) => act(tx, await lockTicket(tx, ref)));
}

export type StepChange = {
  status: Status;
  assignee?: { userId: string; name: string } | undefined;
  /** The customer's wait for an answer: it begins, is answered, or is over without one. */
  wait?: "begins" | "answered" | "over" | undefined;
  /** The customer has said something: nobody has seen that yet. */
  isUnseen?: boolean;
};

/** What a step changes, to be run alone or within the statement that keeps the step. */
export function stepUpdate(tx: Pick<Tx, "updateTable">, ref: TicketRef, change: StepChange) {
  return updateTicket(tx, ref).set({
    status: change.status,
    updated_at: NOW,
    ...(change.assignee && {
      assignee_user_id: change.assignee.userId,
      assignee_name: change.assignee.name,
    }),
    ...(change.wait && WAITS[change.wait]),
    ...(change.isUnseen && { seen_at: null }),
  });
}

const WAITS = {
  begins: { waits_since: sql<Date>`coalesce(waits_since, deskline_now())` },
  answered: {
    waits_since: null,
    first_answered_at: sql<Date>`coalesce(first_answered_at, deskline_now())`,
  },
  over: { waits_since: null },
};

export type NamedPerson = PersonAddress & { name: string };
/** Somebody who can be asked: a person in Slack, or whoever reads an e-mail address. */
export type NamedContact = NamedPerson | { email: string; name: string };

export function contactColumns(contact: NamedContact) {
  const { team_id, user_id, email } = addressOf(contact);
  return {
    contact_team_id: team_id,
    contact_user_id: user_id,
    contact_email: email,
    contact_name: contact.name,
    contact_declined: false,
  };
}

export function addressOf(contact: NamedContact) {
  return "email" in contact
    ? { team_id: null, user_id: null, email: contact.email }
    : { team_id: contact.teamId, user_id: contact.userId, email: null };
}

export type ContractFacts = Pick<Ticket, "what" | "who" | "workaround">;

/** Corrected, with what the priority that is asked for now needs beside them. */
export async function saveFacts(
  tx: Tx,
  ref: TicketRef,
  change: Partial<ContractFacts & Pick<Ticket, "asked_priority" | "why">> & {
    contact?: NamedContact | undefined;
  },
): Promise<void> {
  const { contact, ...columns } = change;
  await updateTicket(tx, ref)
    .set({
      ...columns,
      updated_at: NOW,
      ...(contact && contactColumns(contact)),
    })
    .execute();
}

/** `name`: in the language of the ticket. */
export async function saveTopic(
  tx: Tx,
  ref: TicketRef,
  { id, name }: { id: string; name: string },
): Promise<void> {
  await updateTicket(tx, ref).set({ topic: id, topic_name: name, updated_at: NOW }).execute();
}

/** `asked`: what was asked for, to which it may rise again. */
export async function savePriority(
  tx: Tx,
  ref: TicketRef,
  { priority, asked }: { priority: Priority; asked: Priority },
): Promise<void> {
  await updateTicket(tx, ref).set({ priority, asked_priority: asked, updated_at: NOW }).execute();
}

/** How a change that a card shows begins. Raises the version: whoever drew a card from an older one draws it again. */
export function updateTicket(tx: Pick<Tx, "updateTable">, ref: TicketRef) {
  return tx
    .updateTable("ticket")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("account_id", "=", ref.accountId)
    .where("id", "=", ref.ticketId);
}

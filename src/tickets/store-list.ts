import { type RawBuilder, sql } from "kysely";
import type { Db } from "#db/connect.ts";
import { type ListAfter, type ListQuery, OPEN, PAGE } from "./list.ts";
import type { Sight } from "./list-sight.ts";
import { PRIORITIES } from "./priority.ts";
import type { Ticket, TicketRef } from "./store.ts";

const SAMPLE = 250; // looked through first: what hardly any of them says, the index finds sooner
const NEWEST = 2000; // looked through before the index is asked: what many tickets say is soon found among them
const ORDER = sql`order by updated_at desc, id desc`;

type Condition = RawBuilder<unknown>;
/** `at`: microseconds, of which a Date has none. */
type Found = { id: string; at: string };

const LISTED = [
  ...(["id", "account_id", "number", "subject", "priority", "status"] as const),
  ...([
    "card_channel_id",
    "card_url",
    "updated_at",
    "assignee_name",
    "waits_since",
    "first_answered_at",
  ] as const),
  "merged_into_number",
  ...(["triage_team_id", "triage_channel_id", "triage_ts"] as const),
] as const;
export type Listed = Pick<Ticket, (typeof LISTED)[number]> & {
  accountName: string;
  plan: "free" | "paid";
};

/** What this person may see of what they ask for, newest change first; `next` when there is more. */
export async function findTickets(
  db: Db,
  sight: Sight,
  query: ListQuery,
  { newest = NEWEST } = {},
): Promise<{ tickets: Listed[]; next: ListAfter | undefined }> {
  const skipped = PAGE * ((query.page ?? 1) - 1);
  const find = finderOf(sight, query);
  const found = await find(db, { sight, query, limit: skipped + PAGE + 1 }, newest);
  const shown = found.slice(skipped, skipped + PAGE);
  const isMore = found.length > skipped + PAGE;
  return { tickets: await readAll(db, sight, shown), next: isMore ? shown.at(-1) : undefined };
}

function finderOf(sight: Sight, { by, words }: ListQuery) {
  if (by === "queue" && sight.sees === "all") return findQueue;
  return words.length > 0 ? search : list;
}

/** Whether this ticket is on the list of what this person may see. */
export async function maySee(
  db: Db,
  sight: Sight,
  { accountId, ticketId }: TicketRef,
): Promise<boolean> {
  const { rows } = await sql`
    select from ticket where account_id = ${accountId} and id = ${ticketId}
      and ${or(placesOf(sight, { by: "team" }))}`.execute(db);
  return rows.length > 0;
}

type Asked = { sight: Sight; query: ListQuery; limit: number };

async function list(db: Db, asked: Asked): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select id, ${AT} as at from (${newest(asked)}) as newest ${ORDER}`.execute(db);
  return rows;
}

/** What support is to go on with, and this agent or nobody has: the most urgent first, then the oldest. */
async function findQueue(db: Db, { sight, limit }: Asked): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select id, ${AT} as at from ticket
    where status in ('new', 'open')
      and (assignee_user_id = ${sight.who.userId} or assignee_user_id is null)
    order by array_position(${[...PRIORITIES]}::text[], priority), created_at, id limit ${limit}`.execute(
    db,
  );
  return rows;
}

/** First among the newest; only what few of them say is looked for in the index of words. */
async function search(db: Db, asked: Asked, most: number): Promise<Found[]> {
  const sample = await searchNewest(db, asked, Math.min(SAMPLE, most));
  if (sample.isAll) return sample.found;
  if (sample.found.length > 1 && most > SAMPLE) {
    const { found, isAll } = await searchNewest(db, asked, most);
    if (isAll) return found;
  }
  return searchIndex(db, asked);
}

/** `isAll`: they fill the page, or there are no more tickets than were looked through. */
async function searchNewest(
  db: Db,
  asked: Asked,
  looked: number,
): Promise<{ found: Found[]; isAll: boolean }> {
  const { sight, query, limit } = asked;
  const all = and(query.words.map((word) => says(word, sight)));
  const { rows } = await sql<Found & { there: number }>`
    with newest as materialized (${newest({ ...asked, limit: looked })}),
      found as (select id, account_id, updated_at from newest as ticket where ${all} limit ${limit})
    select id, ${AT} as at, there
    from (select count(*)::int as there from newest) as looked left join found on true ${ORDER}`.execute(
    db,
  );
  const found = rows.filter(({ id }) => id !== null);
  return { found, isAll: found.length === limit || (rows[0]?.there ?? 0) < looked };
}

/** By the longest word, which the fewest have; the others are looked for in what has it. */
async function searchIndex(db: Db, { sight, query, limit }: Asked): Promise<Found[]> {
  const [longest = "", ...others] = query.words.toSorted((a, b) => b.length - a.length);
  const accountId = sight.sees === "all" ? null : sight.accountId;
  const has = sql`form like ${patternOf(longest)}
    and search_terms(account_id, form) @@ search_query(${accountId}::text, search_form(${longest}))`;
  const { rows } = await sql<Found>`
    select id, ${AT} as at from ticket
    where id in (
      select ticket_id from ticket_text where ${has}
      union all
      select ticket_id from comment where ${has}
      ${maySeeNotes(sight) ? sql`union all select ticket_id from note where ${has}` : sql``}
    ) and ${and([or(placesOf(sight, query)), ...filtersOf(query), ...others.map((word) => says(word, sight))])}
    ${ORDER} limit ${limit}`.execute(db);
  return rows;
}

/** What the person may see and asks for, without the words. Each place has its own index in this order. */
function newest({ sight, query, limit }: Asked): RawBuilder<unknown> {
  const filters = filtersOf(query);
  const places = placesOf(sight, query).map(
    (place) => sql`(
      select id, account_id, updated_at from ticket where ${and([place, ...filters])}
      ${ORDER} limit ${limit})`,
  );
  const [only] = places;
  if (only && places.length === 1) return only;
  return sql`select id, account_id, updated_at from (${sql.join(places, sql` union `)}) as places
    ${ORDER} limit ${limit}`;
}

function placesOf(sight: Sight, { by }: Pick<ListQuery, "by">): Condition[] {
  const { teamId, userId } = sight.who;
  if (sight.sees === "all") return by === "me" ? [sql`assignee_user_id = ${userId}`] : [sql`true`];
  const account = sql`account_id = ${sight.accountId}`;
  const own = sql`${account} and requester_team_id = ${teamId} and requester_user_id = ${userId}`;
  if (by === "me" || by === "queue") return [own];
  if (sight.sees === "account") return [account];
  const inChannel = (channelId: string) =>
    sql`${account} and asked_team_id = ${teamId} and asked_channel_id = ${channelId}
      and card_channel_id = ${channelId}`; // not where its card is in a DM
  return [own, ...sight.channels.map(inChannel)];
}

/** The statuses in their letters, by which the database knows that its index of open tickets has them all. */
function filtersOf({ statuses, priority, after }: ListQuery): Condition[] {
  const isAny = statuses.length === 0;
  const isOpen = !isAny && statuses.every((status) => OPEN.some((open) => open === status));
  return [
    ...(isAny ? [] : [sql`status in (${sql.join(statuses.map((status) => sql.lit(status)))})`]),
    ...(isOpen ? [sql`status in (${sql.join(OPEN.map((status) => sql.lit(status)))})`] : []),
    ...(priority ? [sql`priority = ${priority}`] : []),
    ...(after
      ? [
          sql`(updated_at, id) < (timestamptz 'epoch' + ${after.at}::bigint * interval '1 microsecond', ${after.id}::uuid)`,
        ]
      : []),
  ];
}

const AT = sql`(extract(epoch from updated_at) * 1000000)::bigint::text`;

/** The ticket's own words, a comment's, or for agents a note's: in Latin letters where a word begins, as the index has them. */
function says(word: string, sight: Sight): Condition {
  const has = sql`form like ${patternOf(word)} and search_has(form, search_form(${word}))`;
  const among = (table: "comment" | "note") => sql`
    exists (select from ${sql.table(table)} as said where said.account_id = ticket.account_id
      and said.ticket_id = ticket.id and ${has})`;
  const own = sql`
    exists (select from ticket_text as said where said.ticket_id = ticket.id and ${has})`;
  return or([own, among("comment"), ...(maySeeNotes(sight) ? [among("note")] : [])]);
}

function maySeeNotes({ sees }: Sight): boolean {
  return sees === "all";
}

function patternOf(word: string): RawBuilder<string> {
  return sql`search_form(${`%${word.replaceAll(/[\\%_]/g, "\\$&")}%`})`;
}

async function readAll(db: Db, sight: Sight, found: Found[]): Promise<Listed[]> {
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  let query = db
    .selectFrom("ticket")
    .innerJoin("account", "account.id", "ticket.account_id")
    .select(LISTED.map((column) => `ticket.${column}` as const))
    .select(["account.name as accountName", "account.plan"])
    .where("ticket.id", "in", ids);
  if (sight.sees !== "all") query = query.where("ticket.account_id", "=", sight.accountId);
  const rows = await query.execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return found.flatMap(({ id }) => byId.get(id) ?? []);
}

function and(conditions: Condition[]): Condition {
  return sql`(${sql.join(conditions, sql` and `)})`;
}

function or(conditions: Condition[]): Condition {
  return sql`(${sql.join(
    conditions.map((each) => sql`(${each})`),
    sql` or `,
  )})`;
}

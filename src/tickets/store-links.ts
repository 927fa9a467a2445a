import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import { SHOWN, type Shown, type Ticket, type TicketRef } from "./store.ts";

type Linking = Pick<Ticket, "account_id" | "id">;
export type Linked = Shown & Pick<Ticket, "number" | "subject" | "status" | "triage_channel_id">;

/** By their numbers. */
export async function findLinked(db: Db, { accountId, ticketId }: TicketRef): Promise<Linked[]> {
  return db
    .selectFrom("ticket_link as link")
    .innerJoin("ticket", (join) =>
      join
        .onRef("ticket.account_id", "=", "link.account_id")
        .onRef("ticket.id", "=", "link.other_id"),
    )
    .select(SHOWN.map((column) => `ticket.${column}` as const))
    .select(["number", "subject", "status", "triage_channel_id"])
    .where("link.account_id", "=", accountId)
    .where("link.ticket_id", "=", ticketId)
    .orderBy("number")
    .execute();
}

/** In both directions, counted on both. False: they were linked before. */
export async function insertLink(tx: Tx, one: Linking, other: Linking): Promise<boolean> {
  const { rows } = await sql`
    with linked as (
      insert into ticket_link (account_id, ticket_id, other_id)
      values (${one.account_id}, ${one.id}, ${other.id}), (${one.account_id}, ${other.id}, ${one.id})
      on conflict do nothing returning account_id, ticket_id
    )
    update ticket set links = links + 1, version = version + 1 from linked
    where ticket.account_id = ${one.account_id} and ticket.id = linked.ticket_id
    returning ticket.id`.execute(tx);
  return rows.length > 0;
}

/** False: they were not linked any more. */
export async function deleteLink(tx: Tx, one: Linking, other: Linking): Promise<boolean> {
  const { rows } = await sql`
    with parted as (
      delete from ticket_link where account_id = ${one.account_id}
        and ((ticket_id = ${one.id} and other_id = ${other.id})
          or (ticket_id = ${other.id} and other_id = ${one.id}))
      returning ticket_id
    )
    update ticket set links = links - 1, version = version + 1 from parted
    where ticket.account_id = ${one.account_id} and ticket.id = parted.ticket_id
    returning ticket.id`.execute(tx);
  return rows.length > 0;
}

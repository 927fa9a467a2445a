import { z } from "zod";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, type Source, takeDelivery } from "#db/inbox.ts";
import { type LinkFault, Problem } from "#errors.ts";
import { redrawTriageCard, refOf } from "./outbox.ts";
import { findTicketByNumber, lockTickets, type Ticket, type TicketRef } from "./store.ts";
import { type Actor, insertEvent } from "./store-history.ts";
import { deleteLink, findLinked, insertLink } from "./store-links.ts";
import { ticketNumber } from "./ticket.ts";

/** So many stand on a card. */
export const MOST_LINKS = 10;
const Done = z.object({});

export type LinkChange = {
  /** The number of the ticket to link with, and the id of the one to part from. */
  add?: number | undefined;
  remove?: string | undefined;
  by: Actor;
  delivery: { source: Source; key: string };
};

/** For agents alone: two tickets of one account that have to do with each other. A Problem when they cannot be linked. */
export async function changeLinks(db: Db, ref: TicketRef, change: LinkChange): Promise<void> {
  const { source, key } = change.delivery;
  await onceDelivered(db, { source, key, answer: Done }, () =>
    db.transaction().execute(async (tx) => {
      const add = await idToAdd(tx, ref, change);
      const { accountId, ticketId } = ref;
      const { remove } = change;
      const ids = [ticketId, remove ?? ticketId, add ?? ticketId] as const;
      const [ticket, removed, added] = await lockTickets(tx, accountId, ids);
      await takeDelivery(tx, source, key);
      if (remove !== undefined) await part(tx, [ticket, removed], change.by);
      if (add !== undefined) await link(tx, [ticket, added], change.by);
      return {};
    }),
  );
}

async function idToAdd(tx: Tx, { accountId }: TicketRef, { add }: LinkChange) {
  if (add === undefined) return undefined;
  const ticket = await findTicketByNumber(tx, accountId, add);
  if (!ticket) throw refused("unknown");
  return ticket.id;
}

/** Each redrawn, for it shows how the others stand. */
export async function redrawLinked(tx: Tx, ticket: Ticket): Promise<void> {
  if (ticket.links === 0) return;
  for (const other of await findLinked(tx, refOf(ticket))) await redrawTriageCard(tx, other);
}

type Pair = [one: Ticket, other: Ticket];

async function link(tx: Tx, [one, other]: Pair, by: Actor): Promise<void> {
  if (one.id === other.id) throw refused("self");
  const isNew = await insertLink(tx, one, other);
  if (!isNew) throw refused("known");
  if (Math.max(one.links, other.links) >= MOST_LINKS) throw refused("full");
  await note(tx, [one, other], { event: "linked", by });
}

async function part(tx: Tx, [one, other]: Pair, by: Actor): Promise<void> {
  if (await deleteLink(tx, one, other)) await note(tx, [one, other], { event: "unlinked", by });
}

async function note(
  tx: Tx,
  pair: Pair,
  what: { event: "linked" | "unlinked"; by: Actor },
): Promise<void> {
  for (const [ticket, other] of [pair, pair.toReversed()] as Pair[]) {
    await insertEvent(tx, ticket, { ...what, detail: { number: ticketNumber(other) } });
    await redrawTriageCard(tx, ticket);
  }
}

function refused(fault: LinkFault): Problem {
  return new Problem("not-linked", { fault });
}

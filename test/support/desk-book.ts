import type { ChangeId, NewDeskTicket } from "#desk/desk.ts";

/** What a fake desk does instead of its duty. `lose` and `slow` do it, but answer with a cut connection, or late. */
export const DESK_FAULTS = [
  "busy",
  "down",
  "refuse",
  "unauthorized",
  "lose",
  "hang",
  "slow",
  "html",
  "huge",
  "redirect",
] as const;
export type DeskFault = (typeof DESK_FAULTS)[number];

/** What a desk keeps of a ticket and its changes: at least this, and all of it as it was sent. */
export type KeptTicket = Partial<NewDeskTicket> &
  Pick<NewDeskTicket, "ticketId" | "number" | "subject" | "description" | "priority">;
export type KeptChange = { changeId: ChangeId; at?: Date } & (
  | { kind: "comment"; body: string; author?: { name: string } }
  | { kind: "status"; status: string }
  | { kind: "priority"; priority: string; reason: string }
);
export type HeldTicket = {
  id: string;
  ticket: KeptTicket;
  changes: KeptChange[];
  /** The delivery that brought it. */
  key?: string;
};

/** What one fake desk holds, and how its next calls go wrong. */
export type DeskBook = {
  held: HeldTicket[];
  faults: DeskFault[];
  /** With a key: known by that alone, as a desk behind a webhook knows its deliveries; a second key is a double. */
  file(ticket: KeptTicket, key?: string): { id: string; isNew: boolean };
  /** Undefined: there is no such ticket. */
  add(ticketId: string, change: KeptChange): { isNew: boolean } | undefined;
};

export const BUSY_SECONDS = 7;

export function createDeskBook(): DeskBook {
  const held: HeldTicket[] = [];
  return {
    held,
    faults: [],
    file(ticket, key) {
      const known = held.find((one) =>
        key === undefined ? one.ticket.ticketId === ticket.ticketId : one.key === key,
      );
      if (known) return { id: known.id, isNew: false };
      const id = `F-${held.length + 1}`;
      held.push({ id, ticket, changes: [], ...(key !== undefined && { key }) });
      return { id, isNew: true };
    },
    add(ticketId, change) {
      const ticket = held.find((one) => one.ticket.ticketId === ticketId);
      if (!ticket) return undefined;
      const isNew = ticket.changes.every((one) => one.changeId !== change.changeId);
      if (isNew) ticket.changes.push(change);
      return { isNew };
    },
  };
}

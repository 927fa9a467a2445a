import { createHash } from "node:crypto";
import type { ChangeId, KeptFile, NewDeskTicket } from "#desk/desk.ts";

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
  | { kind: "comment-edited"; commentId: ChangeId; body: string; edits: number }
  | { kind: "comment-deleted"; commentId: ChangeId }
  | { kind: "attachment-deleted"; attachmentId: string }
  | { kind: "status"; status: string }
  | { kind: "priority"; priority: string; reason: string }
  | { kind: "facts"; what: string; who: string; workaround: string }
  | { kind: "topic"; topic: string }
);
export type HeldTicket = {
  id: string;
  ticket: KeptTicket;
  changes: KeptChange[];
  /** With what the desk itself has counted of them. */
  files: HeldFile[];
  /** The delivery that brought it. */
  key?: string;
};

export type HeldFile = { attachmentId: string; name: string; mediaType: string } & KeptFile;

/** What one fake desk holds, and how its next calls go wrong. */
export type DeskBook = {
  held: HeldTicket[];
  faults: DeskFault[];
  /** With a key: known by that alone, as a desk behind a webhook knows its deliveries; a second key is a double. */
  file(ticket: KeptTicket, key?: string): { id: string; isNew: boolean };
  /** Undefined: there is no such ticket. */
  add(ticketId: string, change: KeptChange): { isNew: boolean } | undefined;
  /** The same for a file. */
  attach(
    ticketId: string,
    file: Omit<HeldFile, keyof KeptFile> & { bytes: Uint8Array },
  ): (KeptFile & { isNew: boolean }) | undefined;
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
      held.push({ id, ticket, changes: [], files: [], ...(key !== undefined && { key }) });
      return { id, isNew: true };
    },
    add(ticketId, change) {
      const ticket = held.find((one) => one.ticket.ticketId === ticketId);
      if (!ticket) return undefined;
      const isNew = ticket.changes.every((one) => one.changeId !== change.changeId);
      if (isNew) ticket.changes.push(change);
      if (change.kind === "comment-deleted") redact(ticket, change.commentId);
      if (change.kind === "attachment-deleted") remove(ticket, change.attachmentId);
      return { isNew };
    },
    attach(ticketId, { bytes, ...file }) {
      const ticket = held.find((one) => one.ticket.ticketId === ticketId);
      if (!ticket) return undefined;
      const known = ticket.files.find((one) => one.attachmentId === file.attachmentId);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const kept = known ?? { ...file, size: bytes.byteLength, sha256 };
      if (!known) ticket.files.push(kept);
      return { size: kept.size, sha256: kept.sha256, isNew: !known };
    },
  };
}

function remove(ticket: HeldTicket, attachmentId: string): void {
  ticket.files = ticket.files.filter((one) => one.attachmentId !== attachmentId);
}

/** Of what was deleted, no version keeps its words. */
function redact(ticket: HeldTicket, commentId: ChangeId): void {
  ticket.changes = ticket.changes.map((one) => {
    const isIt = one.kind === "comment" && one.changeId === commentId;
    const isItsEdit = one.kind === "comment-edited" && one.commentId === commentId;
    return isIt || isItsEdit ? { ...one, body: "" } : one;
  });
}

import { createHash, randomUUID } from "node:crypto";
import { expect } from "vitest";
import type {
  ChangeId,
  Desk,
  DeskChange,
  DeskFile,
  FiledTicket,
  NewDeskTicket,
  RawDelivery,
} from "#desk/desk.ts";
import {
  BUSY_SECONDS,
  type DeskBook,
  type DeskFault,
  type HeldTicket,
} from "../support/desk-book.ts";

/** A desk to be tested, and the way past the connector to what it really holds. */
export type DeskWorld = AsyncDisposable & {
  desk: Desk;
  /** All tickets at the desk, each with its changes in the order in which it shows them. */
  held(): Promise<Held[]>;
  /** The desk's next call goes wrong in this way. `lose`: it does its duty, and its answer never arrives. */
  failNext(fault: "busy" | "refuse" | "lose" | "hang"): void | Promise<void>;
  /** The wait that it names when it is busy; undefined when it names none. */
  busyForMs: number | undefined;
};
export type Held = Pick<HeldTicket, "ticket" | "changes">;

/** A desk that takes files. */
export type FileDeskWorld = AsyncDisposable & {
  desk: Desk;
  /** All tickets at the desk with their files, each as the desk itself has counted it. */
  heldFiles(): Promise<Pick<HeldTicket, "ticket" | "files">[]>;
  failNext(fault: "busy" | "refuse" | "lose" | "hang"): void | Promise<void>;
};

export type HttpDeskWorld = AsyncDisposable & {
  desk: Desk;
  held(): Promise<Held[]>;
  /** The next answer, and only that, is this; `redirect` points to where the call would be taken. */
  failNext(fault: "html" | "huge" | "redirect" | "unauthorized" | "down"): void | Promise<void>;
};

export type TellingDeskWorld = AsyncDisposable & {
  desk: Desk;
  /** The delivery that the desk sends for this news, signed as it signs. */
  tell(news: News): RawDelivery;
};
export type News =
  | { kind: "echo"; ticketId: string; changeId: ChangeId }
  | { kind: "comment"; ticketId: string; author: string; body: string }
  | { kind: "solved" | "reopened"; ticketId: string; author: string };

/** The desk's side of a world whose desk writes into this book. */
export function behind(book: DeskBook) {
  return {
    busyForMs: BUSY_SECONDS * 1000,
    held: async (): Promise<Held[]> => book.held,
    heldFiles: async () => book.held,
    failNext(fault: DeskFault): void {
      book.faults.push(fault);
    },
  };
}

export function someTicket(given: Partial<NewDeskTicket> = {}): NewDeskTicket {
  return {
    ticketId: randomUUID(),
    accountId: "acme",
    accountName: "Acme",
    number: "DL-1042",
    subject: "VPN drops",
    description: "Every ten minutes.",
    what: "function",
    who: "some",
    workaround: "none",
    priority: "normal",
    language: "ja",
    requester: { name: "Hana", teamId: "T0ACME", userId: "U0HANA" },
    createdAt: new Date("2026-03-01T09:30:00.123Z"),
    ...given,
  };
}

export function someComment(body: string): DeskChange {
  const at = new Date("2026-03-01T09:31:00Z");
  return {
    changeId: `dl_${randomUUID()}`,
    at,
    kind: "comment",
    author: { kind: "agent", name: "Aki" },
    body,
  };
}

export function someEdit(commentId: ChangeId, body: string, edits = 1): DeskChange {
  const at = new Date("2026-03-01T09:31:20Z");
  return {
    changeId: `dl_${randomUUID()}`,
    at,
    kind: "comment-edited",
    ...{ commentId, body, edits },
  };
}

export function someDeletion(commentId: ChangeId): DeskChange {
  const at = new Date("2026-03-01T09:31:40Z");
  return { changeId: `dl_${randomUUID()}`, at, kind: "comment-deleted", commentId };
}

export function someFileDeletion(attachmentId: string): DeskChange {
  const at = new Date("2026-03-01T09:31:50Z");
  return { changeId: `dl_${attachmentId}_deleted`, at, kind: "attachment-deleted", attachmentId };
}

export function someStatus(status: string): DeskChange {
  return {
    changeId: `dl_${randomUUID()}`,
    at: new Date("2026-03-01T09:32:00Z"),
    kind: "status",
    status,
  };
}

export function someFacts(workaround: string): DeskChange {
  const at = new Date("2026-03-01T09:32:30Z");
  const facts = { what: "function", who: "many", workaround };
  return { changeId: `dl_${randomUUID()}`, at, kind: "facts", ...facts };
}

export function someTopic(topic: string): DeskChange {
  const at = new Date("2026-03-01T09:32:45Z");
  return { changeId: `dl_${randomUUID()}`, at, kind: "topic", topic };
}

export function somePriority(priority: string, reason: string): DeskChange {
  const at = new Date("2026-03-01T09:33:00Z");
  return { changeId: `dl_${randomUUID()}`, at, kind: "priority", priority, reason };
}

export function someFile(bytes: Buffer, given: Partial<DeskFile> = {}): DeskFile {
  return {
    attachmentId: randomUUID(),
    at: new Date("2026-03-01T09:33:00Z"),
    name: "ガイド（1）.png",
    mediaType: "image/png",
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes,
    ...given,
  };
}

/** Files a ticket as a worker does, and gives what it keeps of it. */
export async function file(desk: Desk, ticket = someTicket()): Promise<FiledTicket> {
  const { ticketId, accountId, number } = ticket;
  return { ...(await desk.create(ticket, soon())), ticketId, accountId, number };
}

/** Exactly these are at the desk, in this order, each as it was sent. */
export async function expectHeld(
  world: Pick<DeskWorld, "held">,
  sent: { ticket: NewDeskTicket; changes: DeskChange[] }[],
): Promise<void> {
  const held = await world.held();
  expect(held).toHaveLength(sent.length);
  expect(sent).toMatchObject(held.map(({ ticket, changes }) => ({ ticket, changes })));
}

/** No call of a desk under test may take longer. */
export function soon(): AbortSignal {
  return AbortSignal.timeout(5000);
}

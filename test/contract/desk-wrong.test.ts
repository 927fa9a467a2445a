import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Desk, DeskChange, NewDeskTicket } from "#desk/desk.ts";
import { Problem, RetryLater } from "#errors.ts";
import type { DeskBook } from "../support/desk-book.ts";
import { memoryDesk } from "../support/memory-desk.ts";
import { type DeskClaim, deskClaims } from "./desk-claims.ts";
import { openMemoryWorld } from "./desk-memory-world.ts";

type Wrong = (desk: Desk, book: DeskBook) => Partial<Desk>;

/** For every claim the faults that it must find: a suite that cannot fail proves nothing. */
const wrongDesks = {
  "files a ticket and says where it is": {
    "files nothing": () => ({ create: async () => ({ id: "F-1" }) }),
    "does not say where": (desk) => ({
      create: async (...call) => ({ ...(await desk.create(...call)), id: "" }),
    }),
    "loses the time": (desk) => onTicket(desk, (t) => ({ ...t, createdAt: new Date(0) })),
    "files it for another account": (desk) => onTicket(desk, (t) => ({ ...t, accountId: "x" })),
  },
  "files once when asked twice": {
    "creates twice": (_desk, book) => ({ create: async (ticket) => push(book, ticket) }),
    "gives another id the second time": (desk) => ({
      create: async (...call) => ({ id: `${(await desk.create(...call)).id}-${Math.random()}` }),
    }),
  },
  "files once when eight ask at the same time": {
    "looks, waits, then creates": (_desk, book) => ({
      async create(ticket) {
        const known = find(book, ticket.ticketId);
        await setTimeout(1);
        return known ?? push(book, ticket);
      },
    }),
    "looks, then creates, each with its own id": (desk) => ({
      create: async (...call) => ({ id: `${(await desk.create(...call)).id}-${Math.random()}` }),
    }),
  },
  "files once when its answer was lost": {
    "begins anew after a failure": (desk, book) => ({
      create: (...call) => desk.create(...call).catch((error: unknown) => forget(book, error)),
    }),
    "calls it a refusal": (desk) => ({
      create: (...call) => desk.create(...call).catch(() => refuse(call[0].number)),
    }),
  },
  "tells tickets apart by their id alone": {
    "takes the same words for the same ticket": (_desk, book) => ({
      create: async (ticket) =>
        book.held.find((held) => held.ticket.subject === ticket.subject) ?? push(book, ticket),
    }),
  },
  "keeps changes in order, each once": {
    "drops the order": (_desk, book) => ({
      async change({ ticketId }, change) {
        const changes = find(book, ticketId)?.changes ?? [];
        if (!changes.some((one) => one.changeId === change.changeId)) changes.unshift(change);
      },
    }),
    "adds repeats": (_desk, book) => ({
      change: async ({ ticketId }, change) => append(book, ticketId, change),
    }),
    "keeps comments only": (desk) => ({
      change: async (...call) => (call[1].kind === "comment" ? desk.change(...call) : undefined),
    }),
    "forgets what a topic was changed to": (desk) => ({
      change: (ticket, change, signal) =>
        desk.change(ticket, change.kind === "topic" ? { ...change, topic: "" } : change, signal),
    }),
  },
  "keeps no words of what was deleted, in any version": {
    "writes down that it was deleted, and no more": (_desk, book) => ({
      change: async ({ ticketId }, change) => appendOnce(book, ticketId, change),
    }),
    "forgets the first version only": (desk, book) => ({
      async change(ticket, change, signal) {
        const kept = find(book, ticket.ticketId)?.changes.find(
          ({ kind }) => kind === "comment-edited",
        );
        await desk.change(ticket, change, signal);
        const held = find(book, ticket.ticketId);
        if (held && kept && change.kind === "comment-deleted")
          held.changes = held.changes.map((one) => (one.changeId === kept.changeId ? kept : one));
      },
    }),
    "forgets every comment": (desk, book) => ({
      async change(ticket, change, signal) {
        await desk.change(ticket, change, signal);
        const held = find(book, ticket.ticketId);
        if (held && change.kind === "comment-deleted")
          held.changes = held.changes.map((one) => ("body" in one ? { ...one, body: "" } : one));
      },
    }),
  },
  "adds a change once when eight tell it at the same time": {
    "looks, waits, then adds": (_desk, book) => ({
      async change({ ticketId }, change) {
        const known = find(book, ticketId)?.changes.some((one) => one.changeId === change.changeId);
        await setTimeout(1);
        if (!known) append(book, ticketId, change);
      },
    }),
  },
  "adds a change once when its answer was lost": {
    "adds it again": (desk, book) => ({
      async change(ticket, change, signal) {
        append(book, ticket.ticketId, change);
        await desk.change(ticket, { ...change, changeId: "dl_known" }, signal);
      },
    }),
    "says nothing of the loss": (desk) => ({
      change: (...call) => desk.change(...call).catch(() => {}),
    }),
  },
  "adds a change to the ticket it is about": {
    "adds it to the first ticket": (_desk, book) => ({
      change: async (_ticket, change) => append(book, book.held[0]?.ticket.ticketId ?? "", change),
    }),
  },
  "says later when it is busy, with the wait it was told": {
    "forgets the wait": (desk) => onError(desk, () => new RetryLater("busy")),
    "takes it for a refusal": (desk) => onError(desk, () => refusalOf("DL-1042")),
    "takes it for success": (desk) => swallow(desk),
    "files it and says later": fileAtOnce,
  },
  "says no with the facts of the sentence": {
    "swallows the refusal": (desk) => swallow(desk),
    "tries for ever": (desk) => onError(desk, () => new RetryLater("no")),
    "names no ticket": (desk) => onError(desk, () => refusalOf("")),
    "gives no reference": (desk) =>
      onError(desk, () => new Problem("desk-refused", { number: "DL-7", reference: "" })),
    "gives another reason": (desk) => onError(desk, () => new Problem("no-account", {})),
  },
  "refuses a change to a ticket it does not hold": {
    "drops it in silence": (desk) => ({
      change: (...call) => desk.change(...call).catch(() => {}),
    }),
    "waits for the ticket": (desk) => ({
      change: (...call) =>
        desk.change(...call).catch(() => Promise.reject(new RetryLater("not yet"))),
    }),
  },
  "keeps what was typed as it was typed": {
    "trims it": (desk) => onTyped(desk, (typed) => typed.trim()),
    "cuts it": (desk) => onTyped(desk, (typed) => typed.slice(0, 2999)),
    "escapes it": (desk) => onTyped(desk, (typed) => typed.replaceAll("&", "&amp;")),
    "takes the life out of it": (desk) => onTyped(desk, (typed) => typed.replace("<!", "<")),
    "normalises it": (desk) => onTyped(desk, (typed) => typed.normalize("NFC")),
    "widens half-width letters": (desk) => onTyped(desk, (typed) => typed.normalize("NFKC")),
    "drops emoji": (desk) => onTyped(desk, (typed) => typed.replace(/\p{Emoji_Modifier}/gu, "")),
    "drops directions": (desk) => onTyped(desk, (typed) => typed.replace("\u202b", "")),
    "has its own line ends": (desk) => onTyped(desk, (typed) => typed.replaceAll("\r\n", "\n")),
    "spoils comments only": (desk) => ({
      change: (ticket, change, signal) =>
        desk.change(ticket, change.kind === "comment" ? { ...change, body: "?" } : change, signal),
    }),
  },
  "lets go at the signal when it hangs": {
    "does not look at the signal": (desk) => ({
      create: (ticket) => desk.create(ticket, new AbortController().signal),
    }),
    "takes it for a refusal": (desk) => onError(desk, () => refusalOf("DL-1042")),
  },
  "does nothing when it was stopped before": {
    "does not look at the signal": (desk) => ({
      create: (ticket) => desk.create(ticket, new AbortController().signal),
    }),
    "files it and says stopped": fileAtOnce,
  },
} satisfies Record<DeskClaim, Record<string, Wrong>>;

describe.each(Object.entries(wrongDesks))("%s", (claim, desks) => {
  it.each(Object.entries<Wrong>(desks))("finds a desk that %s", async (_fault, spoil) => {
    await using world = await openMemoryWorld((book) => {
      const desk = memoryDesk(book);
      return { ...desk, ...spoil(desk, book) };
    });

    const check = deskClaims[claim as DeskClaim]; // a key of the table above
    await expect(check(world)).rejects.toThrow(expect.objectContaining({ name: "AssertionError" }));
  });
});

function find(book: DeskBook, ticketId: string) {
  return book.held.find(({ ticket }) => ticket.ticketId === ticketId);
}

function push(book: DeskBook, ticket: NewDeskTicket) {
  const held = { id: `F-${book.held.length + 1}`, ticket, changes: [], files: [] };
  book.held.push(held);
  return held;
}

function append(book: DeskBook, ticketId: string, change: DeskChange): void {
  find(book, ticketId)?.changes.push(change);
}

function appendOnce(book: DeskBook, ticketId: string, change: DeskChange): void {
  const changes = find(book, ticketId)?.changes ?? [];
  if (!changes.some(({ changeId }) => changeId === change.changeId)) changes.push(change);
}

function forget(book: DeskBook, error: unknown): never {
  for (const held of book.held) held.ticket = { ...held.ticket, ticketId: "forgotten" };
  throw error;
}

function refusalOf(number: string): Problem {
  return new Problem("desk-refused", { number, reference: "1a2b3c4d" });
}

function refuse(number: string): never {
  throw refusalOf(number);
}

function fileAtOnce(desk: Desk, book: DeskBook): Partial<Desk> {
  return {
    async create(...call) {
      push(book, call[0]);
      return desk.create(...call);
    },
  };
}

function onError(desk: Desk, instead: () => Error): Partial<Desk> {
  return { create: (...call) => desk.create(...call).catch(() => Promise.reject(instead())) };
}

function swallow(desk: Desk): Partial<Desk> {
  return { create: (...call) => desk.create(...call).catch(() => ({ id: "F-1" })) };
}

function onTicket(desk: Desk, spoil: (ticket: NewDeskTicket) => NewDeskTicket): Partial<Desk> {
  return { create: (ticket, signal) => desk.create(spoil(ticket), signal) };
}

function onTyped(desk: Desk, spoil: (typed: string) => string): Partial<Desk> {
  return onTicket(desk, (ticket) => ({
    ...ticket,
    subject: spoil(ticket.subject),
    description: spoil(ticket.description),
  }));
}

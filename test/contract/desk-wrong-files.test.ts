import { describe, expect, it } from "vitest";
import type { Desk, DeskFile } from "#desk/desk.ts";
import { Problem, RetryLater } from "#errors.ts";
import type { DeskBook, HeldFile, HeldTicket } from "../support/desk-book.ts";
import { memoryDeskWithFiles } from "../support/memory-desk.ts";
import { fileClaims } from "./desk-file-claims.ts";
import { openMemoryWorld } from "./desk-memory-world.ts";

type Attach = NonNullable<Desk["attach"]>;
type FileDesk = Desk & { attach: Attach };
type Wrong =
  | ((attach: Attach) => Attach)
  | { change(desk: FileDesk, book: DeskBook): Desk["change"] };
const LIMIT = 1_000_000;

/** For every claim the faults that it must find. */
const wrongDesks = {
  "keeps a file as it was sent, and says what it keeps": {
    "keeps nothing":
      () =>
      async (_ticket, { size, sha256 }) => ({ size, sha256 }),
    "reads it as text": onFile((file) => ({
      ...file,
      bytes: Buffer.from(file.bytes.toString("utf8")),
    })),
    "gives it another name": onFile((file) => ({ ...file, name: file.name.normalize("NFKD") })),
    "says what it was told": (attach) => async (ticket, file, signal) => {
      await attach(ticket, { ...file, bytes: file.bytes.subarray(1) }, signal);
      return { size: file.size, sha256: file.sha256 };
    },
  },
  "keeps one of ten megabytes": {
    "keeps its beginning": onFile((file) => ({ ...file, bytes: file.bytes.subarray(0, LIMIT) })),
  },
  "keeps a file once when it comes twice, and says the same": {
    "keeps it twice": onFile((file) => ({ ...file, attachmentId: crypto.randomUUID() })),
    "says nothing the second time": (attach) => {
      let isKnown = false;
      return async (...call) => {
        const kept = await attach(...call);
        if (isKnown) return { size: 0, sha256: "" };
        isKnown = true;
        return kept;
      };
    },
  },
  "keeps a file once when its answer was lost": {
    "keeps it twice": onFile((file) => ({ ...file, attachmentId: crypto.randomUUID() })),
    "takes silence for success": (attach) => (ticket, file, signal) =>
      attach(ticket, file, signal).catch(() => ({ size: file.size, sha256: file.sha256 })),
  },
  "keeps two files of one name and content": {
    "knows a file by its content": onFile((file) => ({ ...file, attachmentId: file.sha256 })),
    "knows a file by its name": onFile((file) => ({ ...file, attachmentId: file.name })),
  },
  "keeps a file with the ticket it came for": {
    "keeps it with another": (attach) => (ticket, file, signal) =>
      attach({ ...ticket, ticketId: crypto.randomUUID() }, file, signal),
  },
  "keeps nothing of a file that was taken back, and all of the others": {
    "keeps it all": { change: () => async () => {} },
    "keeps its name": onDeletion((held, attachmentId) => {
      const files = held.files.map((one) => ({ ...one, size: 0, sha256: "" }));
      return files.filter((one) => one.attachmentId === attachmentId || one.size > 0);
    }),
    "removes them all": onDeletion(() => []),
  },
  "keeps nothing of it when its answer was lost": {
    "says no": {
      change:
        ({ change }) =>
        (...call) =>
          change(...call).catch(() => {
            throw new Problem("desk-refused", { number: "DL-1042", reference: "1" });
          }),
    },
  },
  "says later when it is busy with a file": {
    "says no": onError(() => new Problem("desk-refused", { number: "DL-1042", reference: "1" })),
    "says yes": (attach) => (ticket, file, signal) =>
      attach(ticket, file, signal).catch(() => ({ size: file.size, sha256: file.sha256 })),
  },
  "refuses a file with the ticket's number": {
    "says later": onError(() => new RetryLater("no")),
    "names no ticket": onError(() => new Problem("desk-refused", { number: "", reference: "1" })),
  },
} satisfies Record<keyof typeof fileClaims, Record<string, Wrong>>;

describe.each(Object.entries(wrongDesks))("%s", (claim, desks) => {
  it.each(Object.entries<Wrong>(desks))("finds a desk that %s", async (_fault, spoil) => {
    await using world = await openMemoryWorld((book) => {
      const { attach, ...rest } = memoryDeskWithFiles(book);
      if (!attach) return rest;
      const desk = { ...rest, attach };
      if (typeof spoil === "function") return { ...desk, attach: spoil(attach) };
      return { ...desk, change: spoil.change(desk, book) };
    });

    const check = fileClaims[claim as keyof typeof fileClaims]; // a key of the table above
    await expect(check(world)).rejects.toThrow();
  });
});

function onFile(spoil: (file: DeskFile) => DeskFile): Wrong {
  return (attach) => (ticket, file, signal) => attach(ticket, spoil(file), signal);
}

/** What is left of the ticket's files. */
function onDeletion(left: (held: HeldTicket, attachmentId: string) => HeldFile[]): Wrong {
  return {
    change: (desk, book) => async (ticket, change, signal) => {
      const held = book.held.find(({ ticket: { ticketId } }) => ticketId === ticket.ticketId);
      if (!held || change.kind !== "attachment-deleted") return desk.change(ticket, change, signal);
      held.files = left(held, change.attachmentId);
    },
  };
}

function onError(instead: () => Error): Wrong {
  return (attach) => (ticket, file, signal) =>
    attach(ticket, file, signal).catch(() => Promise.reject(instead()));
}

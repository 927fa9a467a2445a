import { setTimeout } from "node:timers/promises";
import type { Desk } from "#desk/desk.ts";
import { refusal } from "#desk/refusal.ts";
import { RetryLater } from "#errors.ts";
import { BUSY_SECONDS, type DeskBook } from "./desk-book.ts";

const SLOW_MS = 300;

/** The desk of tests that want no server: the whole contract over a book in memory. */
export function memoryDesk(book: DeskBook): Desk {
  return {
    name: "memory",
    async create(ticket, signal) {
      const answer = await suffer(book, ticket.number, signal);
      const { id } = book.file(ticket);
      return answer({ id });
    },
    async change({ ticketId, number }, change, signal) {
      const answer = await suffer(book, number, signal);
      if (!book.add(ticketId, change)) throw refusal(number, "there is no such ticket");
      return answer(undefined);
    },
  };
}

/** The same desk, which takes files, too. */
export function memoryDeskWithFiles(book: DeskBook): Desk {
  return {
    ...memoryDesk(book),
    async attach({ ticketId, number }, file, signal) {
      const answer = await suffer(book, number, signal);
      const kept = book.attach(ticketId, file);
      if (!kept) throw refusal(number, "there is no such ticket");
      return answer({ size: kept.size, sha256: kept.sha256 });
    },
  };
}

/** Throws what happens before the desk accepts; gives what happens afterwards. */
async function suffer(book: DeskBook, number: string, signal: AbortSignal) {
  if (signal.aborted) throw new RetryLater("stopped", { cause: signal.reason });
  const fault = book.faults.shift();
  if (fault === "refuse") throw refusal(number, "not this one");
  if (fault === "busy") throw new RetryLater("busy", { afterMs: BUSY_SECONDS * 1000 });
  if (fault === "hang") await hang(signal);
  if (fault === "slow") await setTimeout(SLOW_MS);
  const isHeard = fault === undefined || fault === "slow";
  if (!isHeard && fault !== "lose") throw new RetryLater(fault);
  return <T>(answer: T): T => {
    if (isHeard) return answer;
    throw new RetryLater("the answer was lost");
  };
}

async function hang(signal: AbortSignal): Promise<never> {
  await setTimeout(60_000, undefined, { signal }).catch(() => {});
  throw new RetryLater("no answer", { cause: signal.reason });
}

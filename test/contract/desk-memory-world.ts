import type { Desk } from "#desk/desk.ts";
import { BUSY_SECONDS, createDeskBook, type DeskBook } from "../support/desk-book.ts";
import { memoryDesk } from "../support/memory-desk.ts";
import type { DeskWorld } from "./desk-world.ts";

/** A world without a network, for a desk over a book that the test can read. */
export async function openMemoryWorld(
  openDesk: (book: DeskBook) => Desk = memoryDesk,
): Promise<DeskWorld> {
  const book = createDeskBook();
  return {
    desk: openDesk(book),
    busyForMs: BUSY_SECONDS * 1000,
    held: async () => book.held.map(({ ticket, changes }) => ({ ticket, changes })),
    failNext(fault) {
      book.faults.push(fault);
    },
    async [Symbol.asyncDispose]() {},
  };
}

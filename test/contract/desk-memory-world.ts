import type { Desk } from "#desk/desk.ts";
import { createDeskBook, type DeskBook } from "../support/desk-book.ts";
import { memoryDesk } from "../support/memory-desk.ts";
import { behind, type DeskWorld, type FileDeskWorld } from "./desk-world.ts";

/** A world without a network, for a desk over a book that the test can read. */
export async function openMemoryWorld(
  openDesk: (book: DeskBook) => Desk = memoryDesk,
): Promise<DeskWorld & FileDeskWorld> {
  const book = createDeskBook();
  return {
    desk: openDesk(book),
    ...behind(book),
    async [Symbol.asyncDispose]() {},
  };
}

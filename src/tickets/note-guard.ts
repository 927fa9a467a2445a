import { createHash } from "node:crypto";
import type { Db } from "#db/connect.ts";
import type { TicketRef } from "./store.ts";
import { findRecentNotes, type Note } from "./store-notes.ts";

// In letters and digits, a Japanese one as two: less is said every day.
const PIECE = 12;
const WHOLE = 10; // of a note that was short altogether
const RUN = 24; // five English words one after the other, wherever they stand
const NOT_LETTERS = /[^\p{L}\p{N}]+/gu;
const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー]/gu;
const SENTENCE_ENDS = /[\n.!?。！？]+/u;

/** The note whose words a message to the customer repeats. `confirmed`: the mark of a message that may. */
export async function findRepeatedNote(
  db: Db,
  ref: TicketRef,
  message: string,
  confirmed?: string,
): Promise<Note | undefined> {
  if (confirmed === markOf(message)) return undefined;
  const notes = await findRecentNotes(db, ref);
  return notes.find(({ note }) => repeats(message, note));
}

/** Of exactly these words. */
export function markOf(message: string): string {
  return createHash("sha256").update(message).digest("hex");
}

/** Whole, with a sentence of it, or with so much out of its middle; capitals, spaces and signs do not matter. */
export function repeats(message: string, note: string): boolean {
  const [said, noted] = [lettersOf(message), lettersOf(note)];
  if (weightOf(noted) >= WHOLE && said.includes(noted)) return true;
  if (weightOf(said) >= PIECE && noted.includes(said)) return true;
  const pieces = note.normalize("NFKC").split(SENTENCE_ENDS).map(lettersOf);
  if (pieces.some((piece) => weightOf(piece) >= PIECE && said.includes(piece))) return true;
  const runs = new Set(runsOf(said));
  return runsOf(noted).some((run) => runs.has(run));
}

/** From each letter on as much as weighs enough: what stands in two texts begins the same run in both. */
function runsOf(letters: string): string[] {
  const runs: string[] = [];
  let weight = 0;
  let end = 0;
  for (let start = 0; start < letters.length; start += 1) {
    while (weight < RUN && end < letters.length) weight += weightOf(letters.charAt(end++));
    if (weight < RUN) break;
    runs.push(letters.slice(start, end));
    weight -= weightOf(letters.charAt(start));
  }
  return runs;
}

function lettersOf(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll(NOT_LETTERS, "");
}

function weightOf(letters: string): number {
  return letters.length + (letters.match(JAPANESE)?.length ?? 0);
}

import type { Db } from "./connect.ts";
import { codeOf } from "./in-words.ts";
import { writeForNothing } from "./write-for-nothing.ts";

const KEPT_MS = 1000; // whoever asks often, or from outside, must not make the database write often
const REASONS: Record<string, string> = {
  "25006": "the database is read-only",
  "53100": "the disk of the database is full",
};

/** Answers why the database cannot take tickets just now; undefined when it can. */
export function createTrouble(db: Db): () => Promise<string | undefined> {
  let asked: { at: number; answer: Promise<string | undefined> } | undefined;
  return () => {
    if (!asked || performance.now() - asked.at > KEPT_MS)
      asked = { at: performance.now(), answer: troubleOf(db) };
    return asked.answer;
  };
}

async function troubleOf(db: Db): Promise<string | undefined> {
  try {
    await writeForNothing(db);
    return undefined;
  } catch (error) {
    return REASONS[codeOf(error)] ?? "the database does not answer";
  }
}

import { createHash } from "node:crypto";
import type { Person } from "../people/person.ts";
import type { SentFile } from "../world/history.ts";

const LINES = 100;

/** A small log whose name, and each line of it, is a word that nobody has used. */
export async function chooseFile(person: Person, token: string): Promise<SentFile> {
  const name = `${token}.log`;
  const content = `${token} went wrong\n`.repeat(LINES);
  const id = await person.chooseFile(name, content);
  return { id, name, sha256: createHash("sha256").update(content).digest("hex") };
}

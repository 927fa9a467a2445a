import { createHash } from "node:crypto";
import type { Person } from "../people/person.ts";
import type { SentFile } from "../world/history.ts";

const LINES = 100;

/** The same of a visitor of the web form: the product calls it by what is in it. */
export function fileOnPage(token: string): { file: SentFile; content: string } {
  const content = contentOf(token);
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { file: { id: `web-${sha256}`, name: nameOf(token), sha256 }, content };
}

/** A small log whose name, and each line of it, is a word that nobody has used. */
export async function chooseFile(person: Person, token: string): Promise<SentFile> {
  const name = nameOf(token);
  const content = contentOf(token);
  const id = await person.chooseFile(name, content);
  return { id, name, sha256: createHash("sha256").update(content).digest("hex") };
}

function nameOf(token: string): string {
  return `${token}.log`;
}

function contentOf(token: string): string {
  return `${token} went wrong\n`.repeat(LINES);
}

import { readFile, writeFile } from "node:fs/promises";
import { envExample, settingsTable } from "./settings.ts";

const ROOT = new URL("../", import.meta.url);
const BEGIN = "<!-- settings: npm run generate -->";
const END = "<!-- /settings -->";

/** The pages that are made from the code. CI runs this and fails when it changes a file. */
await writeFile(new URL(".env.example", ROOT), envExample());

const readme = new URL("README.md", ROOT);
await writeFile(readme, withSettings(await readFile(readme, "utf8")));

function withSettings(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md lacks ${BEGIN} … ${END}`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${settingsTable()}\n\n${page.slice(end)}`;
}

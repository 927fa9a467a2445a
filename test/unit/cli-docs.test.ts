import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const PAGES = [
  "README.md",
  ...["move-to-postgres", "operate", "policy", "slack-setup", "support-access"].map(
    (name) => `docs/${name}.md`,
  ),
];
const GROUPS = ["account", "jobs", "policy"];

const lines = [...new Set((await Promise.all(PAGES.map(commandLines))).flat())];

it("finds the operator's commands in the pages", () => {
  expect(lines.length).toBeGreaterThan(5);
});

it.each(lines)("knows `%s` of the pages", async (line) => {
  const words = line.split(/\s+/);
  const command = words.slice(0, GROUPS.includes(words[0] ?? "") ? 2 : 1);
  const options = words.filter((word) => word.startsWith("--"));

  const { stdout: help } = await run(process.execPath, ["src/cli.ts", ...command, "--help"]);

  expect(help).toContain(`Usage: deskline ${command.join(" ")} `);
  for (const option of options) expect(help).toContain(` ${option} `);
});

/** What stands after `deskline --` or `src/cli.ts` in a block of commands, without the remark at its end. */
async function commandLines(page: string): Promise<string[]> {
  const blocks = (await readFile(page, "utf8")).matchAll(/```sh\n([\s\S]*?)```/g);
  return [...blocks].flatMap(([, block = ""]) =>
    [...block.matchAll(/(?:deskline --|exec web deskline|src\/cli\.ts) +([^#\n|]+)/g)].map(
      ([, line = ""]) => line.trim(),
    ),
  );
}

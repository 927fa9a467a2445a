import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { envExample, settingsTable } from "../../scripts/settings.ts";

const root = resolve(import.meta.dirname, "../..");
const readme = read("README.md");
const NPM = /\bnpm (?:ci|test|run [\w:-]+)(?: -- [\w -]*)?/g;
const { scripts, dependencies, devDependencies } = z
  .object({
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read("package.json")));

const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root });

describe("the README's commands", () => {
  const shown = shownCommands(readme).map(parseCommand);
  const inCi = [...withoutComments(read(".ci/run")).matchAll(NPM)].map(([text]) =>
    parseCommand(text),
  );

  it("are there", () => {
    expect(shown.map(({ text }) => text)).toEqual(
      expect.arrayContaining(["npm ci", "npm run try", "npm run setup", "npm test"]),
    );
  });

  it.each(shown)("CI runs `$text`", (command) => {
    expect(inCi.some((other) => covers(other, command))).toBe(true);
  });

  it.each(["npm run try -- --tour --backwards", "npm run no-such-script", "node src/main.ts"])(
    "would be caught with `%s`",
    (text) => {
      expect(inCi.some((other) => covers(other, parseCommand(text)))).toBe(false);
    },
  );
});

describe("every page", () => {
  it.each(pages)("%s names only scripts that exist", (page) => {
    const named = [...read(page).matchAll(/npm run (?:-\S+ )*([\w:-]+)/g)].map(
      ([, name]) => name ?? "",
    );

    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it.each(pages)("%s links only to what exists", (page) => {
    expect(linksOf(read(page)).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  it("would be caught with a dead link", () => {
    expect(leadsSomewhere("README.md", "docs/no-such-page.md")).toBe(false);
    expect(leadsSomewhere("README.md", "README.md#no-such-heading")).toBe(false);
    expect(leadsSomewhere("docs/try.md", "../README.md#try-it")).toBe(true);
  });
});

describe("generated pages", () => {
  it("show every setting as it is, in the README", () => {
    expect(readme).toContain(`\n\n${settingsTable()}\n\n<!-- /settings -->`);
  });

  it("show every setting as it is, in .env.example", () => {
    expect(read(".env.example")).toBe(envExample());
  });
});

describe("docs/dependencies.md", () => {
  const rows = [...read("docs/dependencies.md").matchAll(/^\| `(.+?)` \| (\S+) \|(.+)\|$/gm)];

  it("has one line for each dependency, with its version, and no other", () => {
    const listed = Object.fromEntries(rows.map(([, name, version]) => [name, version]));

    expect(listed).toEqual({ ...dependencies, ...devDependencies });
  });

  it.each(rows.map(([, name, , rest]) => ({ name, rest })))(
    "says what $name is for",
    ({ rest }) => {
      const [purpose, comparison] = (rest ?? "").split("|").map((cell) => cell.trim());

      expect(purpose).toMatch(/\w+ \w+/);
      expect(comparison).toMatch(/\w+ \w+/);
    },
  );
});

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** What one would type: every line of every fence but the diagram, taken apart at &&. */
function shownCommands(page: string): string[] {
  const fences = [...page.matchAll(/^```(\w*)\n(.*?)^```/gms)].filter(
    ([, kind]) => kind !== "mermaid",
  );
  return fences
    .flatMap(([, , body]) => withoutComments(body ?? "").split(/\n|&&/))
    .map((command) => command.trim())
    .filter((command) => command !== "");
}

function withoutComments(script: string): string {
  return script.replaceAll(/(^|\s)#.*/gm, "$1");
}

type Command = { text: string; script: string; flags: string[] };

function parseCommand(text: string): Command {
  const [script = "", flags = ""] = text.trim().split(" -- ");
  return { text, script, flags: flags.split(" ").filter((flag) => flag.startsWith("--")) };
}

/** CI may add flags such as --fresh, never leave one out. */
function covers(inCi: Command, shown: Command): boolean {
  return inCi.script === shown.script && shown.flags.every((flag) => inCi.flags.includes(flag));
}

function linksOf(page: string): string[] {
  const prose = page.replaceAll(/```.*?```/gs, "").replaceAll(/`[^`]*`/g, "");
  const targets = [
    ...prose.matchAll(/\]\(([^)\s]+)\)/g),
    ...prose.matchAll(/(?:src|srcset|href)="([^"]+)"/g),
  ].map(([, target]) => target ?? "");
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path ? join(dirname(page), path) : page;
  if (!existsSync(join(root, target))) return false;
  return !anchor || headingsOf(read(target)).includes(anchor);
}

/** As GitHub names them. */
function headingsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { COMPILED } from "../support/compiled.ts";
import { PLANTED_BUGS, type PlantedBug } from "./planted-bugs.ts";

/** `npm run test:planted [-- --all] [-- --only WORDS]`: plants each bug in a copy of the project and sees whether it is found. */

const ROOT = new URL("../../", import.meta.url).pathname;
const COPIED = ["src", "test", "migrations", "manifest.yml", "package.json", "tsconfig.json"];
const VIOLATION = /^.*violation:(.*)$/im;
const AT_ONCE = 2; // they mostly wait for leases
const LIMIT_MS = 240_000; // a program that hangs has found nothing
const SEARCHES = 2; // each draws its own moments, and a few bugs show at one moment in many only

const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, all: { type: "boolean", default: false } },
});
const mayBeSlow = values.all || values.only !== "";
const chosen = PLANTED_BUGS.filter(
  ({ name, isSlow }) => name.includes(values.only) && (mayBeSlow || !isSlow),
);
const waiting = [...chosen];
let missed = 0;
await Promise.all(Array.from({ length: AT_ONCE }, searchOnAndOn));
console.log(`${chosen.length - missed} passed, ${missed} failed`);
process.exitCode = missed > 0 || chosen.length === 0 ? 1 : 0;

async function searchOnAndOn(): Promise<void> {
  for (let bug = waiting.shift(); bug; bug = waiting.shift()) {
    const begun = Date.now();
    const { isFound, said, searches } = await plantAndSearch(bug);
    const again = searches > 1 ? `, search ${searches}` : "";
    const mark = isFound ? "PASS  found that" : "FAIL  did not find that";
    console.log(`${mark} ${bug.name} (${Math.round((Date.now() - begun) / 1000)} s${again})`);
    console.log(indent(isFound ? firstViolation(said) : said.slice(-3000)));
    if (!isFound) missed += 1;
  }
}

type Search = { isFound: boolean; said: string; searches: number };

async function plantAndSearch(bug: PlantedBug): Promise<Search> {
  const tree = await mkdtemp(join(tmpdir(), "deskline-planted-"));
  try {
    for (const name of COPIED) await cp(join(ROOT, name), join(tree, name), { recursive: true });
    await symlink(join(ROOT, "node_modules"), join(tree, "node_modules"));
    for (const change of bug.changes) await plant(tree, change);
    for (let searches = 1; ; searches += 1) {
      const { code, said } = await run(tree, bug.foundBy);
      // A program that broke down has found nothing either: it must name what went wrong for a person.
      const isFound = code !== 0 && VIOLATION.test(said);
      if (isFound || searches === SEARCHES) return { isFound, said, searches };
    }
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function plant(
  tree: string,
  { file, find, replace }: PlantedBug["changes"][number],
): Promise<void> {
  const path = join(tree, file);
  const text = await readFile(path, "utf8");
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} places like this, not one: ${find}`);
  await writeFile(
    path,
    text.replace(find, () => replace),
  );
}

async function run(tree: string, [program = "", ...args]: string[]) {
  const file = program.endsWith(".ts") ? [program] : ["kinds.ts", program, "--tenth"];
  const child = spawn(
    process.execPath,
    [join("test/faults", file[0] ?? ""), ...file.slice(1), "--until-found", ...args],
    {
      cwd: tree,
      env: { ...process.env, ...COMPILED },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: LIMIT_MS,
      killSignal: "SIGTERM",
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, said };
}

function firstViolation(said: string): string {
  return VIOLATION.exec(said)?.[1]?.trim() ?? "";
}

/** With a bar, so that nobody counts its PASS and FAIL. */
function indent(text: string): string {
  return text.replaceAll(/^/gm, "      | ");
}

import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, matchesGlob } from "node:path";
import { promisify } from "node:util";
import { DockerfileParser, type Instruction } from "dockerfile-ast";

const run = promisify(execFile);
const ROOT = new URL("../..", import.meta.url).pathname;
const isRoot = process.getuid?.() === 0;

/** What an image would hold, in a folder: made by the steps of the Dockerfile, where no container engine runs. */
export type Image = AsyncDisposable & {
  folder: string;
  /** The command lines of the Dockerfile. */
  command: string[];
  healthcheck: string[];
  /** Puts before a command what makes it unprivileged. */
  unprivileged(command: string[]): string[];
  /** What every process of the container has in its environment. */
  env: Record<string, string>;
};

/** COPY and `npm ci` as they stand; what only a container has (users, links outside of /app) is left out. */
export async function makeImage(): Promise<Image> {
  // Root may have a TMPDIR that others cannot enter.
  const place = await mkdtemp(join(isRoot ? "/tmp" : tmpdir(), "deskline-image-"));
  const folder = join(place, "app");
  await Promise.all([chmod(place, 0o755), mkdir(folder), mkdir(join(place, "bin"))]);
  const lines = DockerfileParser.parse(await readFile(join(ROOT, "Dockerfile"), "utf8"))
    .getInstructions()
    .map((line) => [line.getKeyword(), line.getArgumentsContent() ?? "", line] as const);
  for (const [keyword, words, line] of lines) {
    if (keyword === "COPY" && !isFromStage(line)) await copy(folder, words.split(/\s+/));
    if (keyword === "RUN" && words.startsWith("npm ")) await install(folder, words);
  }
  await cp(process.execPath, join(place, "bin/node"));
  await run("chmod", ["-R", "a-w,a+rX", folder]);
  const last = (keyword: string) => lines.findLast(([word]) => word === keyword)?.[1] ?? "";
  return {
    folder,
    command: JSON.parse(last("CMD")),
    healthcheck: JSON.parse(last("HEALTHCHECK").replace(/^.*?CMD /s, "")),
    unprivileged: (command) => (isRoot ? [...UNPRIVILEGED, ...command] : command),
    env: { PATH: `${place}/bin:${folder}/bin:${process.env.PATH}`, NODE_ENV: "production" },
    async [Symbol.asyncDispose]() {
      await run("chmod", ["-R", "u+w", place]);
      await rm(place, { recursive: true, force: true });
    },
  };
}

const UNPRIVILEGED = [
  "setpriv",
  "--reuid=65534",
  "--regid=65534",
  "--clear-groups",
  "--no-new-privs",
  "--bounding-set=-all",
  "--inh-caps=-all",
];

function isFromStage(line: Instruction): boolean {
  return /--from=/.test(line.toString());
}

/** As `docker build` does it: only what .dockerignore lets through is there to be copied. */
async function copy(folder: string, words: string[]): Promise<void> {
  const ignored = readIgnored(await readFile(join(ROOT, ".dockerignore"), "utf8"));
  const to = words.at(-1) ?? ".";
  for (const from of words.slice(0, -1)) {
    const isFolder = (await readdir(join(ROOT, from)).catch(() => undefined)) !== undefined;
    await cp(join(ROOT, from), join(folder, isFolder ? to : join(to, from)), {
      recursive: true,
      filter: (path) => !ignored(path.slice(ROOT.length)),
    });
  }
}

/** The last line that names a path, or a folder above it, decides. */
export function readIgnored(file: string): (path: string) => boolean {
  const lines = file.split("\n").filter((line) => line.trim() && !line.startsWith("#"));
  return (path) => {
    const line = lines.findLast((pattern) => names(pattern.replace(/^!/, ""), path));
    return line !== undefined && !line.startsWith("!");
  };
}

function names(pattern: string, path: string): boolean {
  const above = path.split("/").map((_, at, parts) => parts.slice(0, at + 1).join("/"));
  return above.some((each) => matchesGlob(withoutDots(each), withoutDots(pattern)));
}

/** Docker's `*` takes `.env` along, which Node's leaves out. */
function withoutDots(path: string): string {
  return path.replaceAll(/(^|\/)\./g, "$1dot-");
}

async function install(folder: string, command: string): Promise<void> {
  const [npm = "", ...args] = command.split(" ");
  await run(npm, args, { cwd: folder, env: { ...process.env, npm_config_prefer_offline: "true" } });
}

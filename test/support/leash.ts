import { spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The account a server runs under; undefined is ours. */
export type User = { uid: number; gid: number };
export type Server = AsyncDisposable & { port: number };
export type ServerPlan = {
  /** From `makeFolder`; the server's log stands in it, and it is removed with the server. */
  folder: string;
  user: User | undefined;
  stopWith: "INT" | "TERM";
  command(port: number): [string, ...string[]];
  /** Rejects while the server does not serve yet. */
  ask(port: number): Promise<unknown>;
};

const prefix = "deskline-test-";
// Root may have a TMPDIR that the account of the server cannot enter.
const base = process.getuid?.() === 0 ? "/tmp" : tmpdir();

/**
 * The shell holds the server and the other end of our pipe. However we die, SIGKILL too, the kernel closes
 * the pipe; then the shell stops the server and removes its folder.
 */
const holder = `
folder=$1; signal=$2; shift 2
exec 3<&0
"$@" </dev/null >>"$folder/log" 2>&1 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -s "$signal" $server; } 2>/dev/null &
wait $server
echo $? >"$folder/exited"
wait
cd /; rm -rf "$folder"
`;

/** Starts a server that cannot outlive this process. */
export async function startServer(plan: ServerPlan): Promise<Server> {
  const port = await freePort();
  const shell = spawn(
    "sh",
    ["-c", holder, "sh", plan.folder, plan.stopWith, ...plan.command(port)],
    {
      ...plan.user,
      cwd: plan.folder,
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  const ended = once(shell, "exit");
  const server = {
    port,
    async [Symbol.asyncDispose]() {
      shell.stdin.destroy();
      await ended;
      // Root may have put files there that the account of the server cannot remove.
      await rm(plan.folder, { recursive: true, force: true });
    },
  };
  try {
    await ready(plan, port);
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** A new folder that belongs to the account of the server and names the process it serves. */
export async function makeFolder(user?: User): Promise<string> {
  const folder = await mkdtemp(join(base, `${prefix}${process.pid}-`));
  if (user) await chown(folder, user.uid, user.gid);
  return folder;
}

/** Ends what runs that were killed together with their shell left behind. */
export async function sweepOrphans(): Promise<void> {
  const stale = (await readdir(base)).filter(isStale).map((name) => join(base, name));
  if (stale.length === 0) return;
  await killIn(stale);
  for (const folder of stale) await rm(folder, { recursive: true, force: true }).catch(() => {});
}

async function ready(plan: ServerPlan, port: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const failure = await plan.ask(port).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) return;
    const exited = await readFile(join(plan.folder, "exited"), "utf8").catch(() => undefined);
    if (exited === undefined && Date.now() < deadline) {
      await sleep(30);
      continue;
    }
    const log = await readFile(join(plan.folder, "log"), "utf8").catch(() => "");
    throw new Error(`A server of the tests did not start.\n${log.slice(-2000)}`, {
      cause: failure,
    });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string")
    throw new Error("No free port on 127.0.0.1.");
  return address.port;
}

function isStale(name: string): boolean {
  const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Both servers work inside their folder, so /proc names them; elsewhere PostgreSQL ends when its folder is gone. */
async function killIn(folders: string[]): Promise<void> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const place = await readlink(`/proc/${pid}/cwd`).catch(() => "");
    if (folders.some((folder) => `${place}/`.startsWith(`${folder}/`))) kill(Number(pid));
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself between the two looks.
  }
}

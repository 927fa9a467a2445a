import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { untilSaid } from "./start-server.ts";

export type Trial = AsyncDisposable & { pid: number };

const ROOT = new URL("../", import.meta.url);

/** `npm run try` as a newcomer types it, until it has printed its address. */
export async function startTrial(folder: string): Promise<Trial> {
  const child = spawn("npm", ["run", "--silent", "try", "--", "--port", "0"], {
    cwd: ROOT,
    env: { ...process.env, DESKLINE_DATA: folder },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true, // a group of its own: npm, its shell, and Node
  });
  await untilSaid(child, "Open http", "npm run try");
  return {
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: () => endGroup(child),
  };
}

async function endGroup(child: ChildProcess): Promise<void> {
  const ended = once(child, "close"); // when the last of them has let go of stdout
  process.kill(-(child.pid ?? 0), "SIGTERM");
  await ended;
}

import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { COMPILED } from "./compiled.ts";

const CLI = new URL("../../src/cli.ts", import.meta.url).pathname;

export type Ended = { out: string; complaint: string; code: number | null };

/** Runs the operator's command in a process of its own. */
export async function runDeskline(
  words: string[],
  { input = "", env = {} }: { input?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const { child, ended } = startDeskline(words, env);
  child.stdin?.end(input);
  return ended;
}

/** The same, for a test that does not wait for its end. `preload` is a module that is loaded before it. */
export function startDeskline(
  words: string[],
  env: Record<string, string>,
  preload?: URL,
): { child: ChildProcess; ended: Promise<Ended> } {
  const before = preload ? ["--import", preload.href] : [];
  const child = spawn(process.execPath, [...before, CLI, ...words], {
    env: { PATH: process.env.PATH, ...COMPILED, ...env },
  });
  const ended = Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on("close", resolve)),
  ]).then(([out, complaint, code]) => ({ out, complaint, code }));
  return { child, ended };
}

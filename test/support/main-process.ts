import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { COMPILED } from "./compiled.ts";

export const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;
/** What no start goes without; the token is nobody's. */
export const LEAST = {
  SLACK_BOT_TOKEN: "xoxb-of-nobody",
  SLACK_SIGNING_SECRET: "a-signing-secret",
  SLACK_AGENTS_CHANNEL: "C0AGENTS",
  SLACK_API_URL: "http://127.0.0.1:9/api/",
  HOST: "127.0.0.1",
  PORT: "0",
};

type How = {
  /** The command that runs the command which follows it. */
  under?: string[];
  nodeOptions?: string[];
  /** Another program of ours than the one that runs for real. */
  program?: URL;
};

/** Runs Deskline with these settings and no others, until it ends. `said` is what stands on stderr. */
export async function startInVain(env: Record<string, string>, how: How = {}) {
  const [command = "", ...args] = [
    ...(how.under ?? []),
    process.execPath,
    "--disable-warning=ExperimentalWarning",
    ...(how.nodeOptions ?? []),
    how.program?.pathname ?? MAIN,
  ];
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? "", ...COMPILED, ...env },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 30_000,
  });
  const [[code], said] = await Promise.all([once(child, "close"), text(child.stderr)]);
  return { code, said };
}

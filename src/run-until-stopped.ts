import { CannotStart } from "./errors.ts";

const STOP_MS = 10_000;

/** Starts, waits for SIGTERM or SIGINT, stops within 10 seconds. A fault at start is said in plain words. */
export async function runUntilStopped(start: () => Promise<AsyncDisposable>): Promise<void> {
  // A library's stray rejection must not take the process down (socket-mode 3.1.0 rejects with `undefined`).
  process.on("unhandledRejection", (reason) => say(`unhandled rejection: ${describe(reason)}`));
  const stopped = new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
  });
  try {
    const running = await start();
    await stopped;
    setTimeout(() => process.exit(1), STOP_MS).unref();
    await running[Symbol.asyncDispose]();
    process.exit(0);
  } catch (error) {
    endWith(error);
  }
}

export function endWith(error: unknown): never {
  say(describe(error));
  process.exit(error instanceof CannotStart ? error.exitCode : 1);
}

/** Our own faults at start are sentences; anything else comes with its stack. */
function describe(error: unknown): string {
  if (error instanceof CannotStart) return error.message;
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";

/** A Node process of a test. Killed at the end, if it still lives. */
export type Program = AsyncDisposable & {
  process: ChildProcess;
  /** What it has printed on stdout, line by line. */
  lines: string[];
  /** What it has printed on stderr. */
  complaints(): string;
  nextLine(): Promise<string>;
  /** Answers the exit code; undefined after a signal. */
  ended: Promise<number | undefined>;
  kill(): Promise<void>;
};

/** Runs a file of the tests, which sees its arguments in `process.argv.slice(2)`. */
export function startProgram(file: URL, ...args: string[]): Program {
  const child = spawn(process.execPath, [file.pathname, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const reader: Interface = createInterface({ input: child.stdout });
  const lines: string[] = [];
  let complaints = "";
  reader.on("line", (line) => lines.push(line));
  child.stderr.on("data", (text) => {
    complaints += text;
  });
  const ended = once(child, "close").then(([code]) => (code === null ? undefined : Number(code)));

  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return {
    process: child,
    lines,
    complaints: () => complaints,
    ended,
    kill,
    async nextLine() {
      const printed = once(reader, "line").then(([line]) => String(line));
      const silent = ended.then(() => Promise.reject(new Error(`It ended: ${complaints}`)));
      return Promise.race([printed, silent]);
    },
    [Symbol.asyncDispose]: kill,
  };
}

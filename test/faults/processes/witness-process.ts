import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { COMPILED } from "../../support/compiled.ts";

const TETHER = new URL("./tether.ts", import.meta.url).pathname;

export type WitnessProcess = AsyncDisposable & {
  /** The first line that it printed. */
  said: string;
};

/** The simulator or a desk, in a process of its own that ends with ours. */
export async function startWitness(file: string, ...args: string[]): Promise<WitnessProcess> {
  const path = new URL(`../../../${file}`, import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--import", TETHER, path, ...args],
    {
      env: { ...process.env, ...COMPILED },
      stdio: ["ignore", "pipe", "inherit", "ipc"] as const,
    },
  );
  const ended = once(child, "exit");
  const early = ended.then(() => Promise.reject(new Error(`${file} ended before it ran`)));
  early.catch(() => {}); // it ends some day
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream }); // it is a pipe
  const [said] = await Promise.race([once(lines, "line"), early]);
  return {
    said: String(said),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

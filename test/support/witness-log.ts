import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/** The log is read by checkers after this process was killed: every line must be on the disk, unless it is `unflushed`. */
export function openWitness(path: string | undefined, how?: "unflushed") {
  const file = path === undefined ? undefined : openSync(path, "a");
  return {
    write(line: Record<string, unknown>): void {
      if (file === undefined) return;
      writeSync(file, `${JSON.stringify({ at: new Date(), ...line })}\n`);
      if (how !== "unflushed") fsyncSync(file);
    },
    close(): void {
      if (file !== undefined) closeSync(file);
    },
  };
}

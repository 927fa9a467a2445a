import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

const LOOK_MS = 30;

/** A log of JSON lines as it grows. */
export type Followed<T> = Disposable & {
  entries: readonly T[];
  /** Reads what has come since the last look. */
  look(): void;
  /** Waits until the probe gives something; undefined after that time. */
  until<R>(probe: () => R | undefined | false, timeoutMs: number): Promise<R | undefined>;
};

export function followLog<T>(path: string, take: (line: string) => T): Followed<T> {
  const entries: T[] = [];
  let file: number | undefined;
  let offset = 0;
  let rest = "";

  function look(): void {
    if (file === undefined && existsSync(path)) file = openSync(path, "r");
    if (file === undefined) return;
    const { size } = fstatSync(file);
    if (size <= offset) return;
    const bytes = Buffer.alloc(size - offset);
    offset += readSync(file, bytes, 0, bytes.length, offset);
    const lines = (rest + bytes.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    // Cut between bytes, whole only as a line.
    for (const line of lines) entries.push(take(Buffer.from(line, "latin1").toString("utf8")));
  }

  const waiting = new Set<() => boolean>();
  const timer = setInterval(() => {
    look();
    for (const isOver of waiting) if (isOver()) waiting.delete(isOver);
  }, LOOK_MS);

  return {
    entries,
    look,
    until(probe, timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      return new Promise((resolve, reject) => {
        waiting.add(() => {
          try {
            const found = probe();
            if (!found && Date.now() < deadline) return false;
            resolve(found || undefined);
          } catch (error) {
            reject(error);
          }
          return true;
        });
      });
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      if (file !== undefined) closeSync(file);
    },
  };
}

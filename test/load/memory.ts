import { readFile } from "node:fs/promises";

type Sample = { at: number; mb: Map<string, number> };

export type MemoryWatch = AsyncDisposable & {
  /** Megabytes a process held in each sample since `from` (performance.now()). */
  of(name: string, from: number, until?: number): number[];
};

const EVERY_MS = 500;

/** What the kernel says each process holds (RSS), over time. Linux only: it asks /proc. */
export function watchMemory(processes: { name: string; pid: number }[]): MemoryWatch {
  const samples: Sample[] = [];
  const timer = setInterval(() => void look(), EVERY_MS);
  async function look(): Promise<void> {
    const at = performance.now();
    const held = await Promise.all(
      processes.map(async ({ name, pid }) => [name, await residentMb(pid)] as const),
    );
    samples.push({ at, mb: new Map(held) });
  }
  return {
    of: (name, from, until = Number.POSITIVE_INFINITY) =>
      samples
        .filter(({ at }) => at >= from && at <= until)
        .map(({ mb }) => mb.get(name) ?? Number.NaN),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
    },
  };
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

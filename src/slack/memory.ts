const KEPT_MS = 10 * 60_000; // twice the five minutes for which a signed request is good
const KEPT = 5000;

export type Memory<V> = {
  get(key: string): V | undefined;
  put(key: string, value: V): void;
  forget(key: string): void;
};

/** Ten minutes of the near past. What must hold for longer, or between processes, is in the inbox table. */
export function createMemory<V>(now: () => number = Date.now): Memory<V> {
  const kept = new Map<string, { value: V; at: number }>();
  return {
    get: (key) => kept.get(key)?.value,
    put(key, value) {
      forgetOldest(kept, now() - KEPT_MS);
      kept.set(key, { value, at: now() });
    },
    forget: (key) => void kept.delete(key),
  };
}

function forgetOldest(kept: Map<string, { at: number }>, before: number): void {
  for (const [key, { at }] of kept) {
    if (at >= before && kept.size < KEPT) return;
    kept.delete(key);
  }
}

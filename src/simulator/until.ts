import type { Changes } from "./changes.ts";

/** Looks again at every change until the probe gives something; fails after `timeoutMs`. */
export function untilTrue<T>(
  changes: Changes,
  probe: () => T | undefined | false | null,
  timeoutMs = 20_000,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const look = () => {
    try {
      const found = probe();
      if (found) finish(() => resolve(found));
    } catch (error) {
      finish(() => reject(error));
    }
  };
  const finish = (settle: () => void) => {
    clearTimeout(timer);
    stop();
    settle();
  };
  const stop = changes.listen(look);
  const timer = setTimeout(
    () => finish(() => reject(new Error(`Nothing came of it within ${timeoutMs} ms: ${probe}`))),
    timeoutMs,
  );
  look();
  return promise;
}

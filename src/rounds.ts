/**
 * One round after the other until it is disposed of, which waits for the one under way. A round answers how many
 * milliseconds to rest after it, and does not throw.
 */
export function startRounds(
  round: (isStopped: () => boolean) => Promise<number>,
  firstMs: number,
): AsyncDisposable {
  let timer: NodeJS.Timeout;
  let current: Promise<void> = Promise.resolve();
  let isStopped = false;
  const plan = (ms: number) => {
    if (isStopped) return;
    timer = setTimeout(() => {
      current = round(() => isStopped).then(plan);
    }, ms);
  };
  plan(firstMs);
  return {
    async [Symbol.asyncDispose]() {
      isStopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}

/** Looks from time to time; what a look throws is for `onFault`. */
export function startLooking(
  look: () => Promise<void>,
  { lookMs, onFault }: { lookMs: number; onFault: (err: unknown) => void },
): AsyncDisposable {
  return startRounds(async () => {
    await look().catch(onFault);
    return lookMs;
  }, lookMs);
}

import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 250;

/** Whether it came true within so many seconds. */
export async function until(seconds: number, isTrue: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline) {
    if (await isTrue()) return true;
    await sleep(EVERY_MS);
  }
  return isTrue();
}

import type { Logger } from "pino";
import { type Carriage, isFull } from "./bullmq-carriage.ts";

/** Remembers that Redis is full, which is said once, and so is its end. */
export function watchRoom(log: Logger) {
  let isOut = false;

  function out(): void {
    if (!isOut) log.warn("Redis is full; jobs wait in Postgres");
    isOut = true;
  }
  return {
    isOut: () => isOut,
    out,
    /** Redis is asked only after it was full. */
    async isThere(carriage: Carriage): Promise<boolean> {
      if (!isOut) return true;
      if (!(await carriage.hasRoom())) return false;
      log.info("Redis has room again");
      isOut = false;
      return true;
    },
    /** Whether there was room for them. */
    async send(carriage: Carriage, ids: string[]): Promise<boolean> {
      try {
        await carriage.send(ids);
        return true;
      } catch (error) {
        if (!isFull(error)) throw error;
        out();
        return false;
      }
    },
  };
}

import type { Logger } from "pino";
import { NotFromDesk, type RawDelivery } from "#desk/desk.ts";
import { Problem } from "#errors.ts";

/** Verifies, reads and applies one delivery of the desk. */
export type TakeDelivery = (delivery: RawDelivery) => Promise<void>;

/** Answers the HTTP status: 200 applied or known, 401 not from the desk, 400 unreadable, 404 no such ticket, 409 refused. */
export async function takeDeskDelivery(
  delivery: RawDelivery,
  take: TakeDelivery,
  log: Logger,
): Promise<number> {
  try {
    await take(delivery);
    return 200;
  } catch (error) {
    if (error instanceof NotFromDesk) return 401;
    if (error instanceof Problem) return error.code === "ticket-not-found" ? 404 : 409;
    if (isUnreadable(error)) {
      // Its message may quote what was sent.
      log.warn({ why: error.name }, "the desk sent something unreadable");
      return 400;
    }
    throw error;
  }
}

function isUnreadable(error: unknown): error is Error {
  return error instanceof SyntaxError || (error instanceof Error && error.name === "ZodError");
}

import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import { NotFromDesk, type RawDelivery } from "#desk/desk.ts";
import { Problem } from "#errors.ts";

/** Verifies, reads and applies one delivery of the desk. */
export type TakeDelivery = (delivery: RawDelivery) => Promise<void>;

const BODY_LIMIT = 1024 * 1024;

/** Answers the HTTP status: 200 applied or known, 401 not from the desk, 400 unreadable, 404 no such ticket, 413 too large. */
export async function takeDeskDelivery(
  req: IncomingMessage,
  take: TakeDelivery,
  log: Logger,
): Promise<number> {
  const body = await readBody(req);
  if (body === undefined) return 413;
  try {
    await take({ headers: req.headers, body });
    return 200;
  } catch (error) {
    if (error instanceof NotFromDesk) return 401;
    if (error instanceof Problem) return error.code === "ticket-not-found" ? 404 : 409;
    if (isUnreadable(error)) {
      log.warn({ err: error }, "the desk sent something unreadable");
      return 400;
    }
    throw error;
  }
}

async function readBody(req: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req) {
    length += chunk.length;
    if (length > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function isUnreadable(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && error.name === "ZodError");
}

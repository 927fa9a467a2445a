import type { Db } from "#db/connect.ts";
import type { TicketRef } from "./store.ts";
import { findTicketOfPage } from "./store-web.ts";
import { hashOf, isSameHash } from "./web-links.ts";

/** The ticket whose page has this secret. */
export async function findPage(db: Db, secret: string): Promise<TicketRef | undefined> {
  const hash = hashOf(secret);
  const page = await findTicketOfPage(db, hash);
  return page && isSameHash(page.secretHash, hash)
    ? { accountId: page.accountId, ticketId: page.ticketId }
    : undefined;
}

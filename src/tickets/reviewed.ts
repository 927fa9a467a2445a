import type { Db } from "#db/connect.ts";
import type { Texts } from "#text/texts.ts";
import { contractLine } from "./contract-said.ts";
import { refOf } from "./outbox.ts";
import type { Ticket } from "./store.ts";
import { findLast } from "./store-history.ts";

/** Why the priority is what it is, for both cards; undefined as long as it was not looked at again since it was filed. */
export async function reviewedLine(db: Db, t: Texts, ticket: Ticket): Promise<string | undefined> {
  if (ticket.asked_priority === null) return undefined;
  const review = await findLast(db, refOf(ticket), "priority");
  return review && contractLine(t, review);
}

import type { Db, Tx } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import { enqueue } from "#jobs/queue.ts";
import { redrawButtons, refOf } from "./outbox.ts";
import type { StepTaken } from "./step.ts";
import { saveFacts, type Ticket } from "./store.ts";
import { answerOffer, insertOffer, isOfferOpen } from "./store-workaround.ts";
import { ticketNumber } from "./ticket.ts";

type Also = NonNullable<StepTaken["also"]>;

/** What comes with the steps of a workaround. `helps`: how far it can help, as the fact will be when it is accepted. */
export function offerWorkaround(helps: "limited" | "yes"): Also {
  return async (tx, ticket, historyId) => {
    const replaced = await insertOffer(tx, refOf(ticket), { id: historyId, helps });
    if (replaced) await redrawButtons(tx, ticket, [replaced]);
  };
}

/** The fact becomes what was offered, and the priority is looked at again. */
export function acceptOffer(offerId: string): Also {
  return async (tx, ticket) => {
    const workaround = await answer(tx, ticket, offerId, "accepted");
    await saveFacts(tx, refOf(ticket), { workaround });
    await enqueue(tx, "ticket.review", { ...refOf(ticket), reason: "workaround" });
  };
}

/** The facts stay; the agents read why. */
export function disputeOffer(offerId: string): Also {
  return async (tx, ticket) => void (await answer(tx, ticket, offerId, "disputed"));
}

/** Before somebody writes what they are still stuck with. */
export async function mustBeOpen(db: Db, ticket: Ticket, offerId: string): Promise<void> {
  if (!(await isOfferOpen(db, refOf(ticket), offerId))) throw wasAnswered(ticket);
}

async function answer(
  tx: Tx,
  ticket: Ticket,
  offerId: string,
  said: "accepted" | "disputed",
): Promise<"limited" | "yes"> {
  const workaround = await answerOffer(tx, refOf(ticket), { id: offerId, answer: said });
  if (!workaround) throw wasAnswered(ticket);
  await redrawButtons(tx, ticket, [offerId]);
  return workaround;
}

function wasAnswered(ticket: Ticket): Problem<"offer-answered"> {
  return new Problem("offer-answered", { number: ticketNumber(ticket) });
}

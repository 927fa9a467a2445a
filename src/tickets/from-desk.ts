import type { Db } from "#db/connect.ts";
import type { DeskDelivery } from "#desk/desk.ts";
import { Problem } from "#errors.ts";
import { takeStep } from "./step.ts";
import { findTicketOfDesk } from "./store-desk.ts";
import type { Step } from "./ticket.ts";

const STEP = { comment: "reply", solved: "solve", reopened: "reopen" } as const satisfies Record<
  string,
  Step
>;

/** A change made at the desk goes into the customer's thread, once, and not back to the desk. */
export async function applyDeskDelivery(db: Db, delivery: DeskDelivery): Promise<void> {
  if (delivery.kind === "echo") return;
  const ref = await findTicketOfDesk(db, delivery.ticketId);
  try {
    await takeStep(db, ref, {
      step: STEP[delivery.kind],
      by: { kind: "agent", userId: null, name: delivery.author },
      ...(delivery.kind === "comment" && { body: delivery.body }),
      delivery: { source: "desk", key: delivery.deliveryId },
      fromDesk: true,
    });
  } catch (error) {
    // "Solved" for what is solved already: the two sides agree, there is nothing to do.
    if (error instanceof Problem && delivery.kind !== "comment") return;
    throw error;
  }
}

import type { Policy } from "#accounts/ask.ts";
import type { Tx } from "#db/connect.ts";
import type { Handlers } from "#jobs/handlers.ts";
import { enqueue } from "#jobs/queue.ts";
import type { TicketNeeds } from "./jobs.ts";
import { refOf, tellCustomer } from "./outbox.ts";
import { writeStep } from "./step.ts";
import { type Ticket, withTicket } from "./store.ts";
import { findEnding } from "./store-ending.ts";
import { DESKLINE, insertEvent } from "./store-history.ts";

/** After a ticket was solved nobody says anything: that it will be closed is announced, unless they said it themselves, and then it is. */
export function endingJobs({ db, policy }: TicketNeeds): Pick<Handlers, "ticket.ending-due"> {
  return {
    "ticket.ending-due": {
      async run({ historyId, ...ref }) {
        await withTicket(db, ref, (tx, ticket) => endOrWait(tx, ticket, historyId, policy()));
      },
    },
  };
}

async function endOrWait(
  tx: Tx,
  ticket: Ticket,
  historyId: string,
  { ending: { close_after_days: closeDays, warn_days_before: warnDays } }: Policy,
): Promise<void> {
  if (closeDays === 0 || ticket.status !== "solved") return; // silence never closes, or somebody spoke
  const ref = refOf(ticket);
  const ending = await findEnding(tx, ref, historyId, { closeDays, warnDays });
  if (!ending?.isLast) return;
  const lookAgain = (runAt?: Date) =>
    enqueue(tx, "ticket.ending-due", { ...ref, historyId }, runAt && { runAt });
  if (!ending.isAnnounced && !ending.isOwn) {
    if (!ending.isToAnnounce) return lookAgain(ending.announceAt);
    await announce(tx, ticket, ending.closeAt);
    return lookAgain();
  }
  if (!ending.isOver) return lookAgain(ending.closeAt);
  await writeStep(tx, ticket, { step: "close", by: DESKLINE });
}

async function announce(tx: Tx, ticket: Ticket, until: Date): Promise<void> {
  const event = { event: "closing-announced", by: DESKLINE, detail: { until } } as const;
  await tellCustomer(tx, ticket, await insertEvent(tx, ticket, event));
}

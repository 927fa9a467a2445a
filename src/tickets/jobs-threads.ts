import type { JobPayload } from "#jobs/catalogue.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { isPlaceLost } from "#slack/failures.ts";
import { textsOf } from "#text/texts.ts";
import { type Telling, tell } from "./catch-up.ts";
import { clearClosed } from "./closed-channel.ts";
import type { TicketNeeds } from "./jobs.ts";
import { tellFailure, threadOf } from "./outbox.ts";
import { replaceCard, waitForCard } from "./replace-card.ts";
import { createSigning } from "./signing.ts";
import { findTicket, lockTicket, mustBeInSlack, type SlackTicket } from "./store.ts";
import { findTicketAtStep } from "./store-history.ts";
import { customerSaid } from "./thread-views.ts";

type ThreadJobs = Pick<Handlers, "ticket.tell-customer" | "ticket.tell-failure">;

/** What the customer reads in the thread of the card. */
export function threadJobs(needs: TicketNeeds): ThreadJobs {
  const { db, notices } = needs;
  const signing = createSigning(needs);

  return {
    "ticket.tell-customer": {
      run: (payload, run) => tellCustomer(run, "ticket.tell-customer", payload),
      async bury(tx, ref, { reference }) {
        await tellFailure(tx, await lockTicket(tx, ref), { what: "gave-up", reference });
      },
    },
    "ticket.tell-failure": {
      run: (payload, run) => tellCustomer(run, "ticket.tell-failure", payload),
    },
  };

  /** Into the thread as it is now; a thread that is gone gets a new card first. */
  async function tellCustomer(
    run: Run,
    name: keyof ThreadJobs,
    payload: JobPayload<keyof ThreadJobs>,
  ): Promise<void> {
    const { ticket: found, step } =
      "historyId" in payload
        ? await findTicketAtStep(db, payload)
        : { ticket: await findTicket(db, payload), step: undefined };
    const ticket = mustBeInSlack(found);
    const thread = threadOf(ticket);
    if (!thread) return waitForCard(db, run);
    const signed = await signing.of(ticket, step);
    const telling: Telling = {
      name,
      payload,
      thread,
      ticket,
      step,
      reader: "customer",
      t: textsOf(ticket.language),
      say: (t, each) => customerSaid(t, ticket, each),
      ...signed,
    };
    await tellOrReplace(run, ticket, telling);
    if (thread.channelId === ticket.asked_channel_id) await clearClosed(notices, thread);
    if (signed) await signing.note(thread.teamId);
  }

  async function tellOrReplace(run: Run, ticket: SlackTicket, telling: Telling): Promise<void> {
    try {
      await tell(needs, run, telling);
    } catch (error) {
      if (!isPlaceLost(error)) throw error;
      await replaceCard(needs, ticket, error);
      return waitForCard(db, run, error);
    }
  }
}

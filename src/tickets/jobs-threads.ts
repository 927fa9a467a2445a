import type { Handlers, Run } from "#jobs/run.ts";
import type { Message } from "#slack/blocks.ts";
import { isGone, isUnreachable } from "#slack/failures.ts";
import { textsOf } from "#text/texts.ts";
import type { TicketNeeds } from "./jobs.ts";
import { tellFailure } from "./outbox.ts";
import { replaceCard, waitForCard } from "./replace-card.ts";
import { findComment, findHistory, findTicket, lockTicket, type Ticket } from "./store.ts";
import { customerMessage, failureMessage } from "./thread-views.ts";

type ThreadJobs = Pick<Handlers, "ticket.tell-customer" | "ticket.tell-failure">;

/** What the customer reads in the thread of the card. */
export function threadJobs({ db, messenger }: TicketNeeds): ThreadJobs {
  /** Into the thread as it is now; a thread that is gone gets a new card first. */
  async function post(run: Run, key: string, ticket: Ticket, message: Message): Promise<void> {
    const { asked_team_id: teamId, card_channel_id: channelId, card_ts: threadTs } = ticket;
    if (!channelId || !threadTs) return waitForCard(db, run);
    try {
      await messenger.post(run, key, { teamId, channelId, threadTs }, message);
    } catch (error) {
      if (!isGone(error) && !isUnreachable(error)) throw error;
      await replaceCard(db, ticket, error);
      return waitForCard(db, run, error);
    }
  }

  return {
    "ticket.tell-customer": {
      async run({ historyId, ...ref }, run) {
        const ticket = await findTicket(db, ref);
        const history = await findHistory(db, ref, historyId);
        const comment = await findComment(db, ref, historyId);
        const message = customerMessage(textsOf(ticket.language), ticket, { history, comment });
        await post(run, `customer:${historyId}`, ticket, message);
      },
      async bury(tx, ref, { reference }) {
        await tellFailure(tx, await lockTicket(tx, ref), { what: "gave-up", reference });
      },
    },

    "ticket.tell-failure": {
      async run({ what, reference, ...ref }, run) {
        const ticket = await findTicket(db, ref);
        const message = failureMessage(textsOf(ticket.language), ticket, { what, reference });
        await post(run, `failure:${reference}`, ticket, message);
      },
    },
  };
}

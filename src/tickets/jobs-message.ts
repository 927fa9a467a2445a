import { RetryLater } from "#errors.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { SlackRefused } from "#slack/failures.ts";
import type { TicketNeeds } from "./jobs.ts";
import { fileAtDesk } from "./outbox.ts";
import { findTicket, mustBeInSlack, type SlackTicket, withTicket } from "./store.ts";
import { saveMessageUrl } from "./store-cards.ts";

const WAIT_MS = 10_000;

/** The link to the message that a ticket was filed from: the desk is told it with the ticket, so that one waits for it, briefly. */
export function messageJobs({ db, messenger }: TicketNeeds): Pick<Handlers, "ticket.link-message"> {
  return {
    "ticket.link-message": {
      async run(ref, run) {
        const ticket = mustBeInSlack(await findTicket(db, ref));
        const url = await linkOf(run, ticket);
        await withTicket(db, ref, async (tx, now) => {
          if (url) await saveMessageUrl(tx, ref, url);
          await fileAtDesk(tx, now);
        });
      },
      async bury(tx, { accountId, ticketId }) {
        await fileAtDesk(tx, { account_id: accountId, id: ticketId });
      },
    },
  };

  /** Undefined where the app may not look, and when Slack has not said it for too long. */
  async function linkOf(run: Run, ticket: SlackTicket): Promise<string | undefined> {
    const { asked_team_id: teamId, asked_channel_id: channelId, asked_message_ts: ts } = ticket;
    if (!ts) return undefined;
    try {
      return await messenger.permalink(run, { teamId, channelId, ts });
    } catch (error) {
      if (error instanceof SlackRefused || isTooLate(run, error)) return undefined;
      throw error;
    }
  }
}

function isTooLate({ ageMs }: Run, error: unknown): boolean {
  return error instanceof RetryLater && ageMs + (error.afterMs ?? 0) >= WAIT_MS;
}

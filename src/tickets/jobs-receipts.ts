import type { Handlers } from "#jobs/handlers.ts";
import { isGone, isScopeMissing, isUnreachable } from "#slack/failures.ts";
import type { TicketNeeds } from "./jobs.ts";

const MARK = "white_check_mark";

/** A ✅ at the customer's message, when all of it has arrived. */
export function receiptJobs({
  messenger,
  notices,
}: TicketNeeds): Pick<Handlers, "ticket.mark-message"> {
  return {
    "ticket.mark-message": {
      async run({ teamId, channelId, ts }, run) {
        try {
          await messenger.react(run, { teamId, channelId, ts }, MARK);
          await notices.clear(notAllowedNotice(teamId));
        } catch (error) {
          if (isGone(error) || isUnreachable(error)) return; // nobody looks there
          if (!isScopeMissing(error)) throw error;
          await notices.raise(notAllowedNotice(teamId), teamId);
        }
      },
    },
  };
}

function notAllowedNotice(teamId: string): string {
  return `reactions-not-allowed:${teamId}`;
}

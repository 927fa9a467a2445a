import { accountName } from "#accounts/ask.ts";
import type { Handlers } from "#jobs/handlers.ts";
import { AGENTS_CHANNEL_NOTICE, agentsTexts, orExplain } from "./agents-channel.ts";
import { leftMessage } from "./departed-views.ts";
import type { TicketNeeds } from "./jobs.ts";
import { languageOfMost } from "./jobs-digest.ts";
import { findTicket } from "./store.ts";
import { triageUrl } from "./triage-url.ts";

/** One message of the agents' channel, whoever left and however many tickets they had. */
export function departedJobs(needs: TicketNeeds): Pick<Handlers, "ticket.tell-left"> {
  const { db, messenger, agentsChannel, notices, policy } = needs;

  return {
    "ticket.tell-left": {
      async run({ name, count, tickets: refs }, run) {
        const tickets = await Promise.all(refs.map((ref) => findTicket(db, ref)));
        const listed = [];
        for (const ticket of tickets) {
          const url = await triageUrl(messenger, ticket);
          listed.push({ ticket, accountName: await accountName(db, ticket.account_id), url });
        }
        const t = agentsTexts(policy(), { language: languageOfMost(tickets) });
        const message = leftMessage(t, { name, count, listed });
        await orExplain(notices, messenger.post(run, `left:${run.id}`, agentsChannel, message));
        await notices.clear(AGENTS_CHANNEL_NOTICE);
      },
    },
  };
}

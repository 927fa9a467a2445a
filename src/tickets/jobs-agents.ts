import type { Handlers } from "#jobs/handlers.ts";
import { isGone } from "#slack/failures.ts";
import { agentsTexts, explain } from "./agents-channel.ts";
import { tell } from "./catch-up.ts";
import type { TicketNeeds } from "./jobs.ts";
import { replaceTriageCard, waitForCard, waitForTriageCard } from "./replace-card.ts";
import { findTicketAtStep } from "./store-history.ts";
import { agentsSaid } from "./thread-views.ts";

/** What the agents read in the thread of the triage card. */
export function agentsJobs(needs: TicketNeeds): Pick<Handlers, "ticket.tell-agents"> {
  const { db, agentsChannel, notices, policy } = needs;

  return {
    "ticket.tell-agents": {
      async run(payload, run) {
        const { ticket, step } = await findTicketAtStep(db, payload);
        const {
          triage_team_id: teamId,
          triage_channel_id: channelId,
          triage_ts: threadTs,
        } = ticket;
        if (!teamId || !channelId || !threadTs)
          return waitForTriageCard(db, run, ticket, agentsChannel);
        try {
          await tell(needs, run, {
            name: "ticket.tell-agents",
            payload,
            thread: { teamId, channelId, threadTs },
            ticket,
            step,
            reader: "agents",
            t: agentsTexts(policy(), ticket),
            say: (t, each) => agentsSaid(t, ticket, each),
          });
        } catch (error) {
          if (!isGone(error)) throw await explain(notices, error);
          await replaceTriageCard(db, ticket, agentsChannel);
          return waitForCard(db, run, error);
        }
      },
    },
  };
}

import type { Handlers } from "#jobs/handlers.ts";
import { isGone } from "#slack/failures.ts";
import { agentsTexts, explain } from "./agents-channel.ts";
import { tell } from "./catch-up.ts";
import { releaseIfDeparted } from "./departed.ts";
import type { TicketNeeds } from "./jobs.ts";
import { replaceTriageCard, waitForCard, waitForTriageCard } from "./replace-card.ts";
import type { TicketRef } from "./store.ts";
import { findTicketAtStep } from "./store-history.ts";
import { agentsSaid, reopens } from "./thread-views.ts";

/** What the agents read in the thread of the triage card. */
export function agentsJobs(needs: TicketNeeds): Pick<Handlers, "ticket.tell-agents"> {
  const { db, agentsChannel, notices, policy } = needs;

  return {
    "ticket.tell-agents": {
      async run(payload, run) {
        const { ticket, step } = await atStep(payload);
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

  /** Who left while it was solved had it still, and would be called now: it is nobody's, like their other tickets. */
  async function atStep(ref: TicketRef & { historyId: string }) {
    const found = await findTicketAtStep(db, ref);
    const { assignee_user_id: assignee } = found.ticket;
    if (!assignee || !reopens(found.step.history)) return found;
    await releaseIfDeparted(needs, assignee);
    return findTicketAtStep(db, ref);
  }
}

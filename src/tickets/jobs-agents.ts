import type { Handlers } from "#jobs/handlers.ts";
import { isGone } from "#slack/failures.ts";
import type { Texts } from "#text/texts.ts";
import { agentsTexts, explain } from "./agents-channel.ts";
import { drawTold, tell } from "./catch-up.ts";
import { releaseIfDeparted } from "./departed.ts";
import type { TicketNeeds } from "./jobs.ts";
import { replaceTriageCard, waitForCard, waitForTriageCard } from "./replace-card.ts";
import { findTicket, type Ticket, type TicketRef } from "./store.ts";
import { findTold } from "./store-catch-up.ts";
import { findTicketAtStep, type StepMade } from "./store-history.ts";
import { agentsSaid, reopens } from "./thread-views.ts";

/** What the agents read in the thread of the triage card. */
export function agentsJobs(
  needs: TicketNeeds,
): Pick<Handlers, "ticket.tell-agents" | "ticket.edit-told"> {
  const { db, agentsChannel, messenger, notices, policy } = needs;
  const drawingOf = (ticket: Ticket) => ({
    ticket,
    t: agentsTexts(policy(), ticket),
    say: (t: Texts, each: StepMade) => agentsSaid(t, ticket, each),
  });

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
            ...drawingOf(ticket),
            step,
            reader: "agents",
          });
        } catch (error) {
          if (!isGone(error)) throw await explain(notices, error);
          await replaceTriageCard(db, ticket, agentsChannel);
          return waitForCard(db, run, error);
        }
      },
    },

    "ticket.edit-told": {
      async run(payload, run) {
        const told = await findTold(db, payload, "agents");
        if (told === "waiting") return waitForCard(db, run);
        if (!told) return;
        const ticket = await findTicket(db, payload);
        const message = await drawTold(db, drawingOf(ticket), told.historyIds);
        try {
          await messenger.edit(run, { ...agentsChannel, ts: told.ts }, message);
        } catch (error) {
          if (!isGone(error)) throw await explain(notices, error);
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

import type { Db } from "#db/connect.ts";
import type { Handlers } from "#jobs/run.ts";
import { isGone } from "#slack/failures.ts";
import { textsOf } from "#text/texts.ts";
import { explain } from "./agents-channel.ts";
import { type Entry, tell } from "./catch-up.ts";
import type { TicketNeeds } from "./jobs.ts";
import { refOf } from "./outbox.ts";
import { replaceTriageCard, waitForCard, waitForTriageCard } from "./replace-card.ts";
import { findComment, findHistory, findTicket, type Ticket } from "./store.ts";
import { agentsSaid, failureSaid, type Said } from "./thread-views.ts";

/** What the agents read in the thread of the triage card. */
export function agentsJobs(needs: TicketNeeds): Pick<Handlers, "ticket.tell-agents"> {
  const { db, agentsChannel, notices } = needs;

  return {
    "ticket.tell-agents": {
      async run(payload, run) {
        const ticket = await findTicket(db, payload);
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
            texts: textsOf(ticket.language),
            keyOf: (each) =>
              "what" in each ? `failure:${each.reference}` : `agents:${each.historyId}`,
            draw: (at, each) => draw(at, ticket, each),
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

async function draw(at: Db, ticket: Ticket, entry: Entry): Promise<Said> {
  const t = textsOf(ticket.language);
  if ("what" in entry) return failureSaid(t, ticket, entry);
  const history = await findHistory(at, refOf(ticket), entry.historyId);
  const comment = await findComment(at, refOf(ticket), entry.historyId);
  const assignee = ticket.assignee_user_id;
  return agentsSaid(t, { history, comment, assignee });
}

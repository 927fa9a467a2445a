import type { Handlers, Run } from "#jobs/handlers.ts";
import { isGone, isPlaceLost } from "#slack/failures.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import { agentsTexts, explain } from "./agents-channel.ts";
import { drawTold } from "./catch-up.ts";
import type { TicketNeeds } from "./jobs.ts";
import { threadOf } from "./outbox.ts";
import { waitForCard } from "./replace-card.ts";
import { findTicket, mustBeInSlack, type Ticket } from "./store.ts";
import { findTold, type Told } from "./store-catch-up.ts";
import type { StepMade } from "./store-history.ts";
import { agentsSaid, customerSaid } from "./thread-views.ts";

/** What was said in a thread says what became of it since. */
export function toldJobs(needs: TicketNeeds): Pick<Handlers, "ticket.edit-told"> {
  const { db, agentsChannel, messenger, notices, policy } = needs;

  return {
    "ticket.edit-told": {
      async run({ historyId, reader, ...ref }, run) {
        const told = await findTold(db, ref, { historyId, reader: reader ?? "agents" });
        if (told === "waiting") return waitForCard(db, run);
        if (!told) return;
        const ticket = await findTicket(db, ref);
        if (reader !== "customer") return editForAgents(run, ticket, told);
        // Among several, whose buttons may be answered and whose failures may be mended, it stays as it was said.
        if (told.isAlone) await editForCustomer(run, ticket, told);
      },
    },
  };

  async function editForAgents(run: Run, ticket: Ticket, { ts, historyIds }: Told): Promise<void> {
    const t = agentsTexts(policy(), ticket);
    const say = (_: Texts, each: StepMade) => agentsSaid(t, ticket, each);
    const message = await drawTold(db, { t, ticket, say }, historyIds);
    try {
      await messenger.edit(run, { ...agentsChannel, ts }, message);
    } catch (error) {
      if (!isGone(error)) throw await explain(notices, error);
    }
  }

  /** In the thread of the card: what was said in that of an older one went with it, or cannot be reached. */
  async function editForCustomer(run: Run, found: Ticket, { ts, historyIds }: Told): Promise<void> {
    const ticket = mustBeInSlack(found);
    const thread = threadOf(ticket);
    if (!thread) return;
    const { teamId, channelId } = thread;
    const t = textsOf(ticket.language);
    const say = (_: Texts, each: StepMade) => customerSaid(t, ticket, each);
    const message = await drawTold(db, { t, ticket, say }, historyIds);
    try {
      await messenger.edit(run, { teamId, channelId, ts }, message);
    } catch (error) {
      if (!isPlaceLost(error)) throw error;
    }
  }
}

import type { Handlers, Run } from "#jobs/handlers.ts";
import { isGone, isUnreachable } from "#slack/failures.ts";
import type { TicketNeeds } from "./jobs.ts";
import { postTriageCard, redrawTriageCard, refOf } from "./outbox.ts";
import { replaceCard } from "./replace-card.ts";
import { findTicket, mustBeInSlack, type SlackTicket, withTicket } from "./store.ts";
import { saveCardUrl } from "./store-cards.ts";

/** The link to the customer's thread. The agents' card has it, so that one comes after. */
export function linkJobs(needs: TicketNeeds): Pick<Handlers, "ticket.link-card"> {
  const { db, messenger, agentsChannel } = needs;

  return {
    "ticket.link-card": {
      async run(ref, run) {
        const ticket = mustBeInSlack(await findTicket(db, ref));
        try {
          if (!ticket.card_url) await addLink(run, ticket);
        } catch (error) {
          // Whatever becomes of the link, the agents shall have their card.
          await withTicket(db, ref, (tx, now) => postTriageCard(tx, now, agentsChannel));
          const isClosed =
            isUnreachable(error) && ticket.card_channel_id === ticket.asked_channel_id;
          if (!isGone(error) && !isClosed) throw error;
          await replaceCard(needs, ticket, error);
        }
      },
    },
  };

  async function addLink(run: Run, ticket: SlackTicket): Promise<void> {
    const { asked_team_id: teamId, card_channel_id: channelId, card_ts: ts } = ticket;
    if (!channelId || !ts) return;
    const url = await messenger.permalink(run, { teamId, channelId, ts });
    await db.transaction().execute(async (tx) => {
      const saved = await saveCardUrl(tx, refOf(ticket), url);
      await postTriageCard(tx, saved, agentsChannel);
      await redrawTriageCard(tx, saved);
    });
  }
}

import type { JobPayload } from "#jobs/catalogue.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { channelLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { isGone } from "#slack/failures.ts";
import { textsOf } from "#text/texts.ts";
import { formOffer } from "./forms.ts";
import type { TicketNeeds } from "./jobs.ts";
import { findTicketOfThread } from "./store-cards.ts";

type Offer = JobPayload<"ticket.offer-form">;

/** The button for whoever reacted with 🎫: first asks which thread the message stands in, then posts there. */
export function offerJobs({ db, messenger }: TicketNeeds): Pick<Handlers, "ticket.offer-form"> {
  return {
    "ticket.offer-form": {
      run: ({ threadTs, ...offer }, run) =>
        threadTs ? post(run, offer, threadTs) : findThread(offer),
    },
  };

  async function findThread(offer: Offer): Promise<void> {
    const message = await messenger.findMessage(offer);
    if (!message) return; // deleted meanwhile
    const { teamId, channelId } = offer;
    const thread = { teamId, channelId, threadTs: message.threadTs };
    if (await findTicketOfThread(db, thread)) return; // the ticket stands there
    const lane = channelLane(teamId, channelId);
    const payload = { ...offer, threadTs: message.threadTs };
    await db
      .transaction()
      .execute((tx) => enqueue(tx, "ticket.offer-form", payload, { key: keyOf(offer), lane }));
  }

  async function post(run: Run, offer: Offer, threadTs: string): Promise<void> {
    const { teamId, channelId, ts, userId, language } = offer;
    const place = { channelId, message: { ts, threadTs } };
    const message = formOffer(textsOf(language), { userId, place });
    try {
      await messenger.post(
        run,
        keyOf(offer),
        { teamId, channelId, threadTs },
        message,
        "and-finish",
      );
    } catch (error) {
      if (!isGone(error)) throw error; // there is nothing left to file
    }
  }
}

function keyOf({ teamId, channelId, ts, userId }: Offer): string {
  return `offer:${teamId}+${channelId}+${ts}+${userId}`;
}

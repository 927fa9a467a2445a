import type { Db, Tx } from "#db/connect.ts";
import type { Handlers } from "#jobs/run.ts";
import { isGone, isUnreachable } from "#slack/failures.ts";
import { textsOf } from "#text/texts.ts";
import type { TicketNeeds } from "./jobs.ts";
import { followCard, postCard, postTriageCard, redrawCards, redrawTriageCard } from "./outbox.ts";
import { replaceCard } from "./replace-card.ts";
import { findTicket, lockTicket, saveCard, type Ticket, type TicketRef } from "./store.ts";
import { ticketCard } from "./views.ts";

type CardJobs = Pick<Handlers, "ticket.post-card" | "ticket.edit-card">;

/** The customer's card: where the person asked, else in their DM with the app. */
export function cardJobs(needs: TicketNeeds): CardJobs {
  const { db, messenger, agentsChannel } = needs;

  return {
    "ticket.post-card": {
      async run({ to, replaces, ...ref }, run) {
        const ticket = await findTicket(db, ref);
        if (ticket.card_ts) return;
        const key = `card:${ticket.id}:${to}:${replaces ?? ""}`;
        let posted: { ts: string } | undefined;
        try {
          const place = await placeOf(ticket, to);
          const { channelId } = place;
          posted = await messenger.post(run, key, place, drawCard(ticket, channelId));
          const { ts } = posted;
          const url = await messenger.permalink({ ...place, ts });
          await db.transaction().execute(async (tx) => {
            const saved = await saveCard(tx, ref, { channelId, ts, url });
            await postTriageCard(tx, saved, agentsChannel);
            await followCard(tx, saved);
            if (saved.version === ticket.version + 1) await redrawTriageCard(tx, saved);
            else await redrawCards(tx, saved);
          });
        } catch (error) {
          // Whatever becomes of the customer's card, the agents shall have theirs.
          await withTicket(db, ref, (tx, now) => postTriageCard(tx, now, agentsChannel));
          const next = nextTry(error, to, posted?.ts ?? replaces);
          if (!next) throw error;
          await withTicket(db, ref, (tx, now) => postCard(tx, now, next));
        }
      },
      async bury(tx, { to, replaces, ...ref }) {
        if (to === "channel") await postCard(tx, await lockTicket(tx, ref), { to: "dm", replaces });
      },
    },

    "ticket.edit-card": {
      async run(ref, run) {
        const ticket = await findTicket(db, ref);
        const { card_channel_id: channelId, card_ts: ts } = ticket;
        if (!channelId || !ts) return; // the card is drawn as things are when it is posted
        try {
          const at = { teamId: ticket.asked_team_id, channelId, ts };
          await messenger.edit(run, at, drawCard(ticket, channelId));
        } catch (error) {
          if (!isGone(error) && !isUnreachable(error)) throw error;
          await replaceCard(db, ticket, error);
        }
      },
    },
  };

  function drawCard(ticket: Ticket, channelId: string) {
    const asked = ticket.asked_channel_id;
    return ticketCard(textsOf(ticket.language), ticket, asked !== "" && asked !== channelId);
  }
  async function placeOf(ticket: Ticket, to: "channel" | "dm") {
    const { asked_team_id: teamId, asked_channel_id: channelId } = ticket;
    if (to === "channel") return { teamId, channelId };
    return messenger.openDm(teamId, ticket.requester_user_id);
  }
}

/** A channel that is closed to us leads to the DM; a card deleted as soon as it stood is posted again. */
function nextTry(error: unknown, to: "channel" | "dm", replaces: string | undefined) {
  if (isGone(error)) return { to, replaces };
  return to === "channel" && isUnreachable(error) ? { to: "dm" as const, replaces } : undefined;
}

async function withTicket(db: Db, ref: TicketRef, act: (tx: Tx, now: Ticket) => Promise<void>) {
  await db.transaction().execute(async (tx) => act(tx, await lockTicket(tx, ref)));
}

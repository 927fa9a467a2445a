import type { Db, Tx } from "#db/connect.ts";
import type { Handlers, Run } from "#jobs/run.ts";
import { isGone, isUnreachable } from "#slack/failures.ts";
import { textsOf } from "#text/texts.ts";
import type { TicketNeeds } from "./jobs.ts";
import {
  followCard,
  postCard,
  postTriageCard,
  redrawCards,
  redrawTriageCard,
  refOf,
  tellAgents,
} from "./outbox.ts";
import { replaceCard } from "./replace-card.ts";
import {
  findRefusal,
  findTicket,
  insertFailure,
  lockTicket,
  saveCard,
  saveCardUrl,
  type Ticket,
  type TicketRef,
} from "./store.ts";
import { ticketCard } from "./views.ts";

type Where = { to: "channel" | "dm"; replaces: string | undefined };
type CardJobs = Pick<Handlers, "ticket.post-card" | "ticket.edit-card">;

/** The customer's card: where the person asked, else in their DM with the app. */
export function cardJobs(needs: TicketNeeds): CardJobs {
  const { db, messenger, agentsChannel } = needs;

  return {
    "ticket.post-card": {
      async run({ to, replaces, ...ref }, run) {
        let ticket = await findTicket(db, ref);
        try {
          if (!ticket.card_ts) ticket = await post(run, ticket, { to, replaces });
          if (!ticket.card_url) await addLink(ticket);
        } catch (error) {
          await tryElsewhere(ticket, { to, replaces }, error);
        }
      },
      async bury(tx, { to, replaces, ...ref }, { reference }) {
        const ticket = await lockTicket(tx, ref);
        if (ticket.card_ts) return; // it stands; only its link is not known
        if (to === "channel") return postCard(tx, ticket, { to: "dm", replaces });
        await tellAgents(
          tx,
          ticket,
          await insertFailure(tx, ref, { event: "unreachable", reference }),
        );
      },
    },

    "ticket.edit-card": {
      async run(ref, run) {
        const ticket = await findTicket(db, ref);
        const { card_channel_id: channelId, card_ts: ts } = ticket;
        if (!channelId || !ts) return; // the card is drawn as things are when it is posted
        try {
          const at = { teamId: ticket.asked_team_id, channelId, ts };
          await messenger.edit(run, at, await drawCard(ticket, channelId));
        } catch (error) {
          if (!isGone(error) && !isUnreachable(error)) throw error;
          await replaceCard(db, ticket, error);
        }
      },
    },
  };

  /** Saved as soon as it stands: a reply may follow at once. */
  async function post(run: Run, ticket: Ticket, { to, replaces }: Where): Promise<Ticket> {
    const key = `card:${ticket.id}:${to}:${replaces ?? ""}`;
    const place = await placeOf(ticket, to);
    const { channelId } = place;
    const { ts } = await messenger.post(run, key, place, await drawCard(ticket, channelId));
    return db.transaction().execute(async (tx) => {
      const saved = await saveCard(tx, refOf(ticket), { channelId, ts });
      await followCard(tx, saved);
      if (saved.version !== ticket.version + 1) await redrawCards(tx, saved);
      return saved;
    });
  }
  /** The agents' card has the link to the thread, so it comes after. */
  async function addLink(ticket: Ticket): Promise<void> {
    const { asked_team_id: teamId, card_channel_id: channelId, card_ts: ts } = ticket;
    if (!channelId || !ts) return;
    const url = await messenger.permalink({ teamId, channelId, ts });
    await db.transaction().execute(async (tx) => {
      const saved = await saveCardUrl(tx, refOf(ticket), url);
      await postTriageCard(tx, saved, agentsChannel);
      await redrawTriageCard(tx, saved);
    });
  }
  async function drawCard(ticket: Ticket, channelId: string) {
    const asked = ticket.asked_channel_id;
    const refused = ticket.desk_id ? undefined : await findRefusal(db, refOf(ticket));
    const isElsewhere = asked !== "" && asked !== channelId;
    return ticketCard(textsOf(ticket.language), ticket, { isElsewhere, refused });
  }
  async function tryElsewhere(ticket: Ticket, { to, replaces }: Where, error: unknown) {
    const ref = refOf(ticket);
    // Whatever becomes of the customer's card, the agents shall have theirs.
    await withTicket(db, ref, (tx, now) => postTriageCard(tx, now, agentsChannel));
    const isClosed = to === "channel" && isUnreachable(error);
    if (!isGone(error) && !isClosed) throw error;
    if (ticket.card_ts) return replaceCard(db, ticket, error);
    await withTicket(db, ref, (tx, now) => postCard(tx, now, { to: "dm", replaces }));
  }
  async function placeOf(ticket: Ticket, to: "channel" | "dm") {
    const { asked_team_id: teamId, asked_channel_id: channelId } = ticket;
    if (to === "channel") return { teamId, channelId };
    return messenger.openDm(teamId, ticket.requester_user_id);
  }
}

async function withTicket(db: Db, ref: TicketRef, act: (tx: Tx, now: Ticket) => Promise<void>) {
  await db.transaction().execute(async (tx) => act(tx, await lockTicket(tx, ref)));
}

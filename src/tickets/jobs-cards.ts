import type { Tx } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { isGone, isPlaceLost, isUnreachable } from "#slack/failures.ts";
import { textsOf } from "#text/texts.ts";
import { askedPlace, clearClosed, raiseClosed } from "./closed-channel.ts";
import { createExpectations } from "./expectation.ts";
import type { TicketNeeds } from "./jobs.ts";
import {
  followCard,
  linkCard,
  postCard,
  postTriageCard,
  redrawCards,
  refOf,
  tellAgents,
  tellFailure,
} from "./outbox.ts";
import { replaceCard } from "./replace-card.ts";
import { reviewedLine } from "./reviewed.ts";
import {
  findTicket,
  isInSlack,
  lockTicket,
  mustBeInSlack,
  type SlackTicket,
  type TicketRef,
  withTicket,
} from "./store.ts";
import { isOtherCardUnderWay, saveCard } from "./store-cards.ts";
import { findLast, findRefusal, insertFailure } from "./store-history.ts";
import { Moved } from "./upkeep-said.ts";
import { ticketCard } from "./views.ts";

type Where = {
  to: "channel" | "dm";
  replaces: string | undefined;
  channelId: string | undefined;
};
type CardJobs = Pick<Handlers, "ticket.post-card" | "ticket.edit-card">;

/** The customer's card: where the person asked, else in their DM with the app. */
export function cardJobs(needs: TicketNeeds): CardJobs {
  const { db, messenger, agentsChannel, notices } = needs;
  const expectationFor = createExpectations(needs);

  return {
    "ticket.post-card": {
      async run({ to, replaces, channelId, ...ref }, run) {
        const found = await findTicket(db, ref);
        if (!isInSlack(found)) return showAgents(ref); // filed by a worker that did not know the web form
        const ticket = found;
        const how = { to, replaces, channelId };
        if (!ticket.card_ts && (await isOtherUnderWay(ticket, how)))
          throw new RetryLater("its card for the other place is under way");
        try {
          if (ticket.card_ts) await changeTicket(ref, linkCard);
          else await post(run, ticket, how);
        } catch (error) {
          await tryElsewhere(ticket, how, error);
        }
      },
      async bury(tx, { to, replaces, ...ref }, { reference }) {
        const ticket = await lockTicket(tx, ref);
        if (!isInSlack(ticket) || ticket.card_ts) return; // it stands, or is none
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
        const ticket = mustBeInSlack(await findTicket(db, ref));
        const { card_channel_id: channelId, card_ts: ts } = ticket;
        if (!channelId || !ts) return; // the card is drawn as things are when it is posted
        try {
          const at = { teamId: ticket.asked_team_id, channelId, ts };
          await messenger.edit(run, at, await drawCard(ticket, channelId));
        } catch (error) {
          if (!isPlaceLost(error)) throw error;
          await replaceCard(needs, ticket, error);
        }
      },
      async bury(tx, ref, { reference }) {
        await tellFailure(tx, await lockTicket(tx, ref), { what: "gave-up", reference });
      },
    },
  };

  async function isOtherUnderWay({ id }: SlackTicket, { to, replaces }: Where): Promise<boolean> {
    const other = to === "dm" ? "channel" : "dm";
    return isOtherCardUnderWay(db, id, { to, key: keyOf(id, other, replaces) });
  }
  /** Saved as soon as it stands: a reply may follow at once. */
  async function post(run: Run, ticket: SlackTicket, how: Where): Promise<void> {
    const { to, replaces } = how;
    const teamId = ticket.asked_team_id;
    const channelId = to === "channel" ? ticket.asked_channel_id : how.channelId;
    if (!channelId) return openDm(run, ticket, replaces);

    const card = await drawCard(ticket, channelId);
    const threadTs = (to === "channel" && ticket.asked_thread_ts) || undefined;
    const { ts, isNew } = await messenger.post(
      run,
      keyOf(ticket.id, to, replaces),
      { teamId, channelId, threadTs },
      card,
    );
    await db.transaction().execute(async (tx) => {
      const saved = await saveCard(tx, refOf(ticket), { channelId, ts, threadTs });
      await followCard(tx, saved);
      await linkCard(tx, saved);
      if (!isNew || saved.version !== ticket.version + 1) await redrawCards(tx, saved);
    });
    if (to === "channel") await clearClosed(notices, askedPlace(ticket));
  }
  async function openDm(
    run: Run,
    ticket: SlackTicket,
    replaces: string | undefined,
  ): Promise<void> {
    const dm = await messenger.openDm(run, ticket.asked_team_id, ticket.requester_user_id);
    const how = { to: "dm", replaces, dmId: dm.channelId } as const;
    await changeTicket(refOf(ticket), (tx, now) => postCard(tx, now, how));
  }
  async function drawCard(ticket: SlackTicket, channelId: string) {
    const asked = ticket.asked_channel_id;
    const refused = ticket.desk_id ? undefined : await findRefusal(db, refOf(ticket));
    const elsewhere = asked !== "" && asked !== channelId ? await findBefore(ticket) : undefined;
    const expectation = await expectationFor(ticket);
    const t = textsOf(ticket.language);
    const reviewed = await reviewedLine(db, t, ticket);
    return ticketCard(t, ticket, { elsewhere, refused, expectation, reviewed });
  }
  /** The link to its thread where the person asked, if it had one. */
  async function findBefore(ticket: SlackTicket): Promise<Moved> {
    const moved = await findLast(db, refOf(ticket), "moved");
    return Moved.parse(moved?.detail ?? {});
  }
  async function tryElsewhere(ticket: SlackTicket, { to, replaces }: Where, error: unknown) {
    const ref = refOf(ticket);
    // Whatever becomes of the customer's card, the agents shall have theirs.
    await showAgents(ref);
    const isClosed = to === "channel" && isUnreachable(error);
    if (!isGone(error) && !isClosed) throw error;
    // Where it had no card before, it is a channel that nobody invited the app to.
    if (isClosed && replaces) await raiseClosed(notices, askedPlace(ticket), error);
    await changeTicket(ref, (tx, now) => postCard(tx, now, { to: "dm", replaces }));
  }
  async function showAgents(ref: TicketRef): Promise<void> {
    await withTicket(db, ref, (tx, now) => postTriageCard(tx, now, agentsChannel));
  }
  async function changeTicket(ref: TicketRef, act: (tx: Tx, now: SlackTicket) => Promise<void>) {
    await withTicket(db, ref, (tx, now) => act(tx, mustBeInSlack(now)));
  }
}

/** What the post of this card is known by outside. */
function keyOf(ticketId: string, to: Where["to"], replaces: string | undefined): string {
  return `card:${ticketId}:${to}:${replaces ?? ""}`;
}

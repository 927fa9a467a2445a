import { accountName } from "#accounts/ask.ts";
import type { Tx } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
import type { Handlers } from "#jobs/run.ts";
import { isGone, isUnreachable } from "#slack/failures.ts";
import { textsOf } from "#text/texts.ts";
import type { TicketNeeds } from "./jobs.ts";
import { postCard, postTriageCard, redrawCards, redrawTriageCard } from "./outbox.ts";
import { replaceCard } from "./replace-card.ts";
import {
  findTicket,
  forgetTriageCard,
  lockTicket,
  saveCard,
  saveTriageCard,
  type Ticket,
  type TicketRef,
} from "./store.ts";
import { ticketCard, triageCard } from "./views.ts";

/** Known to the operator until the agents' channel can be posted to. */
export const AGENTS_CHANNEL_NOTICE = "agents-channel";
const AGENTS_CHANNEL_RETRY_MS = 30_000;

type CardJobs = Pick<
  Handlers,
  "ticket.post-card" | "ticket.edit-card" | "ticket.post-triage-card" | "ticket.edit-triage-card"
>;

export function cardJobs(needs: TicketNeeds): CardJobs {
  const { db, messenger, agentsChannel, notices } = needs;

  return {
    "ticket.post-card": {
      async run({ to, replaces, ...ref }, run) {
        const ticket = await findTicket(db, ref);
        if (ticket.card_ts) return;
        const key = `card:${ticket.id}:${to}:${replaces ?? ""}`;
        try {
          const place = await placeOf(ticket, to);
          const { channelId } = place;
          const card = drawCard(ticket, channelId);
          const { ts } = await messenger.post(run, key, place, card);
          const url = await messenger.permalink({ ...place, ts });
          await db.transaction().execute(async (tx) => {
            const saved = await saveCard(tx, ref, { channelId, ts, url });
            await postTriageCard(tx, saved, agentsChannel);
            if (saved.version === ticket.version + 1) await redrawTriageCard(tx, saved);
            else await redrawCards(tx, saved);
          });
        } catch (error) {
          await inTransaction(ref, (tx, now) => postTriageCard(tx, now, agentsChannel));
          if (to === "dm" || !isUnreachable(error)) throw error;
          await inTransaction(ref, (tx, now) => postCard(tx, now, { to: "dm", replaces }));
        }
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

    "ticket.post-triage-card": {
      async run({ replaces, ...ref }, run) {
        const ticket = await findTicket(db, ref);
        if (ticket.triage_ts) return;
        const message = await drawTriageCard(ticket);
        const key = `triage:${ticket.id}:${replaces ?? ""}`;
        const { ts } = await postToAgents(() => messenger.post(run, key, agentsChannel, message));
        await notices.clear(AGENTS_CHANNEL_NOTICE);
        await db.transaction().execute(async (tx) => {
          const saved = await saveTriageCard(tx, ref, { ...agentsChannel, ts });
          if (saved.version !== ticket.version) await redrawTriageCard(tx, saved);
        });
      },
    },

    "ticket.edit-triage-card": {
      async run(ref, run) {
        const ticket = await findTicket(db, ref);
        const { triage_team_id: teamId, triage_channel_id: channelId, triage_ts: ts } = ticket;
        if (!teamId || !channelId || !ts) return;
        try {
          await messenger.edit(run, { teamId, channelId, ts }, await drawTriageCard(ticket));
        } catch (error) {
          if (!isGone(error)) throw await explain(error);
          await inTransaction(ref, async (tx, now) => {
            if (await forgetTriageCard(tx, ref, ts))
              await postTriageCard(tx, now, agentsChannel, ts);
          });
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
  async function drawTriageCard(ticket: Ticket) {
    const account = await accountName(db, ticket.account_id);
    return triageCard(textsOf(ticket.language), ticket, account);
  }
  async function inTransaction(ref: TicketRef, act: (tx: Tx, now: Ticket) => Promise<void>) {
    await db.transaction().execute(async (tx) => act(tx, await lockTicket(tx, ref)));
  }
  async function postToAgents<T>(post: () => Promise<T>): Promise<T> {
    try {
      return await post();
    } catch (error) {
      throw await explain(error);
    }
  }
  /** An agents' channel that cannot be posted to is the operator's to mend; what waits is posted then. */
  async function explain(error: unknown): Promise<unknown> {
    if (!isUnreachable(error)) return error;
    await notices.raise(AGENTS_CHANNEL_NOTICE, error.code);
    return new RetryLater("the agents' channel cannot be posted to", {
      cause: error,
      afterMs: AGENTS_CHANNEL_RETRY_MS,
    });
  }
}

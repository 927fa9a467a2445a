import { findAccount } from "#accounts/ask.ts";
import type { Handlers } from "#jobs/handlers.ts";
import { channelLane } from "#jobs/lanes.ts";
import { moveJob } from "#jobs/moves.ts";
import { isGone, isUnreachable } from "#slack/failures.ts";
import { AGENTS_CHANNEL_NOTICE, agentsTexts, explain, orExplain } from "./agents-channel.ts";
import type { TicketNeeds } from "./jobs.ts";
import { postAsDigest } from "./jobs-digest.ts";
import { followTriageCard, redrawTriageCard, refOf } from "./outbox.ts";
import type { Related } from "./related-views.ts";
import { replaceTriageCard } from "./replace-card.ts";
import { reviewedLine } from "./reviewed.ts";
import { findTicket, type Ticket } from "./store.ts";
import { saveTriageCard } from "./store-cards.ts";
import { findAttachments } from "./store-files.ts";
import { findLinked } from "./store-links.ts";
import { deadlineFor } from "./targets.ts";
import { filedTopics } from "./topic.ts";
import { triageUrl } from "./triage-url.ts";
import { type TriageFacts, triageCard } from "./views.ts";

type TriageJobs = Pick<Handlers, "ticket.post-triage-card" | "ticket.edit-triage-card">;

/** The agents' card, in the agents' channel of the vendor's workspace. */
export function triageJobs(needs: TicketNeeds): TriageJobs {
  const { db, messenger, agentsChannel, notices, policy } = needs;

  return {
    "ticket.post-triage-card": {
      async run({ replaces, alone, ...ref }, run) {
        const ticket = await findTicket(db, ref);
        if (ticket.triage_ts) return;
        const key = `triage:${ticket.id}:${replaces ?? ""}`;
        const wasPosted = () => orExplain(notices, messenger.wasPosted(key, agentsChannel));
        if (!replaces && !alone && (await postAsDigest(needs, run, wasPosted))) return;
        const message = await draw(ticket);
        const posting = messenger.post(run, key, agentsChannel, message);
        const { ts, isNew } = await orExplain(notices, posting);
        await notices.clear(AGENTS_CHANNEL_NOTICE);
        await db.transaction().execute(async (tx) => {
          const saved = await saveTriageCard(tx, ref, { ...agentsChannel, ts });
          await followTriageCard(tx, saved, agentsChannel);
          if (!isNew || saved.version !== ticket.version) await redrawTriageCard(tx, saved);
        });
      },
    },

    "ticket.edit-triage-card": {
      async run(ref, run) {
        const ticket = await findTicket(db, ref);
        const { triage_team_id: teamId, triage_channel_id: channelId, triage_ts: ts } = ticket;
        if (!teamId || !channelId || !ts) return;
        try {
          await messenger.edit(run, { teamId, channelId, ts }, await draw(ticket));
        } catch (error) {
          if (isGone(error)) return replaceTriageCard(db, ticket, agentsChannel);
          // It waits with what is for the agents' channel, not in front of the edits of other channels.
          const lane = channelLane(agentsChannel.teamId, agentsChannel.channelId);
          if (isUnreachable(error) && !(await moveJob(db, run.id, lane))) return;
          throw await explain(notices, error);
        }
      },
    },
  };

  async function draw(ticket: Ticket) {
    const account = await findAccount(db, ticket.account_id);
    const t = agentsTexts(policy(), ticket);
    const shown: TriageFacts = {
      account: { name: account?.name ?? ticket.account_id, plan: account?.plan ?? "paid" },
      attachments: ticket.attachments > 0 ? await findAttachments(db, refOf(ticket)) : [],
      deadline: account && deadlineFor(policy(), ticket, account.plan),
      related: ticket.links > 0 ? await findRelated(ticket) : [],
      hasTopics: filedTopics(policy()).length > 0,
      reviewed: await reviewedLine(db, t, ticket),
    };
    return triageCard(t, ticket, shown);
  }
  async function findRelated(ticket: Ticket): Promise<Related[]> {
    const linked = await findLinked(db, refOf(ticket));
    const urls = await Promise.all(linked.map((other) => triageUrl(messenger, other)));
    return linked.map(({ number, subject, status }, n) => ({
      ...{ number, subject, status },
      url: urls[n],
    }));
  }
}

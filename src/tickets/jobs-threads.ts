import { RetryLater } from "#errors.ts";
import type { Handlers, Run } from "#jobs/run.ts";
import type { Message } from "#slack/blocks.ts";
import { isGone, isUnreachable } from "#slack/failures.ts";
import { textsOf } from "#text/texts.ts";
import type { TicketNeeds } from "./jobs.ts";
import { tellFailure } from "./outbox.ts";
import { replaceCard } from "./replace-card.ts";
import { findComment, findHistory, findTicket, lockTicket, type Ticket } from "./store.ts";
import { agentsMessage, customerMessage, failureMessage } from "./views.ts";

type ThreadJobs = Pick<
  Handlers,
  "ticket.tell-customer" | "ticket.tell-agents" | "ticket.tell-failure"
>;

export function threadJobs({ db, messenger }: TicketNeeds): ThreadJobs {
  /** Into the thread as it is now; a thread that is gone gets a new card first. */
  async function postToCustomer(run: Run, key: string, ticket: Ticket, message: Message) {
    try {
      await messenger.post(run, key, customerThread(ticket), message);
    } catch (error) {
      if (!isGone(error) && !isUnreachable(error)) throw error;
      await replaceCard(db, ticket, error);
      throw new RetryLater("the card is being replaced", { cause: error });
    }
  }

  return {
    "ticket.tell-customer": {
      async run({ historyId, ...ref }, run) {
        const ticket = await findTicket(db, ref);
        const history = await findHistory(db, ref, historyId);
        const comment = await findComment(db, ref, historyId);
        const message = customerMessage(textsOf(ticket.language), ticket, { history, comment });
        await postToCustomer(run, `customer:${historyId}`, ticket, message);
      },
      async bury(tx, ref, { reference }) {
        await tellFailure(tx, await lockTicket(tx, ref), { what: "gave-up", reference });
      },
    },

    "ticket.tell-agents": {
      async run({ historyId, ...ref }, run) {
        const ticket = await findTicket(db, ref);
        const history = await findHistory(db, ref, historyId);
        const comment = await findComment(db, ref, historyId);
        const message = agentsMessage(textsOf(ticket.language), { history, comment });
        await messenger.post(run, `agents:${historyId}`, agentsThread(ticket), message);
      },
    },

    "ticket.tell-failure": {
      async run({ what, reference, ...ref }, run) {
        const ticket = await findTicket(db, ref);
        const message = failureMessage(textsOf(ticket.language), ticket, { what, reference });
        await postToCustomer(run, `failure:${reference}`, ticket, message);
      },
    },
  };
}

function customerThread(ticket: Ticket) {
  const { asked_team_id: teamId, card_channel_id: channelId, card_ts: threadTs } = ticket;
  if (!channelId || !threadTs) throw new RetryLater("the card is not posted yet");
  return { teamId, channelId, threadTs };
}

function agentsThread(ticket: Ticket) {
  const { triage_team_id: teamId, triage_channel_id: channelId, triage_ts: threadTs } = ticket;
  if (!teamId || !channelId || !threadTs) {
    throw new RetryLater("the triage card is not posted yet");
  }
  return { teamId, channelId, threadTs };
}

import { Problem } from "#errors.ts";
import type { Handlers } from "#jobs/handlers.ts";
import type { Draw } from "#slack/modals.ts";
import { textsOf } from "#text/texts.ts";
import { type SendingForm, sendOutgoing } from "./compose.ts";
import { notSentModal, sentModal } from "./compose-views.ts";
import type { TicketNeeds } from "./jobs.ts";
import { tellAgents } from "./outbox.ts";
import { lockTicket } from "./store.ts";
import { insertFailure } from "./store-history.ts";
import { saveFailed } from "./store-outgoing.ts";

/**
 * What an agent has let go, when the time to undo it is over. What cannot be sent comes back to the agents. A form that
 * still stands says what became of it.
 */
export function composeJobs({ db, messenger }: TicketNeeds): Pick<Handlers, "ticket.send-comment"> {
  async function say(form: SendingForm | undefined, draw: Draw): Promise<void> {
    if (form) await messenger.redraw(form, draw(textsOf(form.language)));
  }
  return {
    "ticket.send-comment": {
      async run({ form, ...ref }) {
        try {
          const sent = await sendOutgoing(db, ref);
          if (sent) await say(form, (texts) => sentModal(texts, sent));
        } catch (error) {
          if (error instanceof Problem) await say(form, notSentModal);
          throw error;
        }
      },
      async bury(tx, { accountId, ticketId, outgoingId }, { reference }) {
        const ref = { accountId, ticketId };
        const unsent = await saveFailed(tx, { ...ref, outgoingId });
        if (!unsent) return;
        const { author_name: author, body } = unsent;
        const failure = { event: "unsent", reference, author, body } as const;
        await tellAgents(tx, await lockTicket(tx, ref), await insertFailure(tx, ref, failure));
      },
    },
  };
}

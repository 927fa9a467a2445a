import type { Handlers } from "#jobs/handlers.ts";
import { sendOutgoing } from "./compose.ts";
import type { TicketNeeds } from "./jobs.ts";
import { tellAgents } from "./outbox.ts";
import { lockTicket } from "./store.ts";
import { insertFailure } from "./store-history.ts";
import { saveFailed } from "./store-outgoing.ts";

/** What an agent has let go, when the time to undo it is over. What cannot be sent comes back to the agents. */
export function composeJobs({ db }: TicketNeeds): Pick<Handlers, "ticket.send-comment"> {
  return {
    "ticket.send-comment": {
      run: (ref) => sendOutgoing(db, ref),
      async bury(tx, { outgoingId, ...ref }, { reference }) {
        const unsent = await saveFailed(tx, { ...ref, outgoingId });
        if (!unsent) return;
        const { author_name: author, body } = unsent;
        const failure = { event: "unsent", reference, author, body } as const;
        await tellAgents(tx, await lockTicket(tx, ref), await insertFailure(tx, ref, failure));
      },
    },
  };
}

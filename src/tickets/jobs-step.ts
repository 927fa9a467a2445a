import type { Handlers } from "#jobs/handlers.ts";
import type { TicketNeeds } from "./jobs.ts";

/** The workflow that waits goes on, with the ticket's number or with why there is none. */
export function stepJobs({ messenger }: TicketNeeds): Pick<Handlers, "ticket.end-step"> {
  return {
    "ticket.end-step": {
      async run({ teamId, executionId, ...outcome }, run) {
        const ended = "error" in outcome ? outcome : { outputs: { ticket_number: outcome.number } };
        await messenger.endStep(run, { teamId, executionId }, ended);
      },
    },
  };
}

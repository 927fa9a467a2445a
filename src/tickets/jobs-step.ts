import { raiseNotice } from "#db/notices.ts";
import type { Handlers } from "#jobs/handlers.ts";
import type { TicketNeeds } from "./jobs.ts";

/** What the operator is told of a workspace whose workflows wait for an end that Slack did not take, until it takes one. */
export function workflowNotice(teamId: string): string {
  return `workflow-waits:${teamId}`;
}

/** The workflow that waits goes on, with the ticket's number or with why there is none. */
export function stepJobs({ messenger, notices }: TicketNeeds): Pick<Handlers, "ticket.end-step"> {
  return {
    "ticket.end-step": {
      async run({ teamId, executionId, ...outcome }, run) {
        const ended = "error" in outcome ? outcome : { outputs: { ticket_number: outcome.number } };
        await messenger.endStep(run, { teamId, executionId }, ended);
        await notices.clear(workflowNotice(teamId));
      },
      /** A run of a workflow has nobody to write to, and Slack no other way to end it. */
      async bury(tx, { teamId }, { reference }) {
        await raiseNotice(tx, workflowNotice(teamId), reference);
      },
    },
  };
}

import { textsOf } from "#text/texts.ts";
import type { Telling } from "./catch-up.ts";
import { inTheirName, isInTheirName } from "./in-their-name.ts";
import type { TicketNeeds } from "./jobs.ts";
import type { SlackTicket } from "./store.ts";
import type { StepMade } from "./store-history.ts";

type Needs = Pick<TicketNeeds, "people" | "agentsChannel" | "messenger" | "notices">;

/** Agents' words in their own name, and where the app may not do that. */
export function createSigning({ people, agentsChannel, messenger, notices }: Needs) {
  const noted = new Map<string, boolean>();
  return {
    /** With the picture of whoever said it, where Slack knows one. */
    async of(
      ticket: SlackTicket,
      step: StepMade | undefined,
    ): Promise<Pick<Telling, "signed"> | undefined> {
      if (!step || !isInTheirName(step)) return undefined;
      const { teamId } = agentsChannel;
      const { actor_user_id: userId } = step.history;
      const pictureUrl = userId === null ? undefined : await people.pictureOf({ teamId, userId });
      const t = textsOf(ticket.language);
      return { signed: (said) => inTheirName(t, ticket, step, { said, pictureUrl }) };
    },

    /** Said once, and again when it changes. */
    async note(teamId: string): Promise<void> {
      const signs = messenger.signs(teamId);
      if (signs === undefined || noted.get(teamId) === signs) return;
      noted.set(teamId, signs);
      if (signs) await notices.clear(namesNotAllowedNotice(teamId));
      else await notices.raise(namesNotAllowedNotice(teamId), teamId);
    },
  };
}

function namesNotAllowedNotice(teamId: string): string {
  return `names-not-allowed:${teamId}`;
}

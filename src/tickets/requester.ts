import { type AgentsChannel, mustBeAgent } from "#accounts/ask.ts";
import { Problem } from "#errors.ts";
import type { People, PersonAddress } from "#slack/people.ts";
import type { Ticket } from "./store.ts";

export function isRequester(ticket: Ticket, who: PersonAddress): boolean {
  return ticket.requester_team_id === who.teamId && ticket.requester_user_id === who.userId;
}

export function mustBeRequester(ticket: Ticket, who: PersonAddress): void {
  if (!isRequester(ticket, who)) throw new Problem("not-the-requester", {});
}

/** Whoever is both is taken for the requester: it is their ticket. Anybody else is refused. */
export async function requesterOrAgent(
  { people, agentsChannel }: { people: People; agentsChannel: AgentsChannel },
  ticket: Ticket,
  who: PersonAddress,
): Promise<"requester" | "agent"> {
  if (isRequester(ticket, who)) return "requester";
  await mustBeAgent(people, agentsChannel, who).catch(asTheirColleague);
  return "agent";
}

/** Who reads the customer's card, and is neither, is the requester's colleague: agents are nobody to them. */
function asTheirColleague(error: unknown): never {
  if (!(error instanceof Problem) || error.code !== "not-an-agent") throw error;
  throw new Problem("not-the-requester", {});
}

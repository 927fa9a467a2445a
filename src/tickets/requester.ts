import { Problem } from "#errors.ts";
import type { PersonAddress } from "#slack/people.ts";
import type { Ticket } from "./store.ts";

export function isRequester(ticket: Ticket, who: PersonAddress): boolean {
  return ticket.requester_team_id === who.teamId && ticket.requester_user_id === who.userId;
}

export function mustBeRequester(ticket: Ticket, who: PersonAddress): void {
  if (!isRequester(ticket, who)) throw new Problem("not-the-requester", {});
}

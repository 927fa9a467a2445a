import type { AdminNeeds, PolicyNow } from "#accounts/ask.ts";
import type { Messenger } from "#slack/messenger.ts";
import type { PersonAddress } from "#slack/people.ts";
import { type ListQuery, OPEN } from "./list.ts";
import { type Sight, sightOf } from "./list-sight.ts";
import type { ShownList } from "./list-views.ts";
import { findTickets, type Listed } from "./store-list.ts";
import { deadlineFor } from "./targets.ts";
import { triageUrl } from "./triage-url.ts";
import { sharedThread } from "./views.ts";

export type ListNeeds = AdminNeeds & { policy: PolicyNow; messenger: Pick<Messenger, "linkTo"> };

/** What this person may see of what they ask for, whatever a button says; at first what the Home tab opens with. Problem where they belong to no account. */
export async function shownList(
  needs: ListNeeds,
  { who, channelId }: { who: PersonAddress; channelId: string },
  asked?: { query: ListQuery; isCut: boolean },
): Promise<ShownList> {
  const sight = await sightOf(needs, who, channelId);
  const { query, isCut } = asked ?? { query: firstQuery(sight), isCut: false };
  const found = await findTickets(needs.db, sight, query);
  const isAgent = sight.sees === "all";
  const tickets = found.tickets.map(async (ticket) => ({
    ...ticket,
    url: await urlOf(needs, ticket, isAgent),
    deadline: isAgent ? deadlineFor(needs.policy(), ticket, ticket.plan) : undefined,
  }));
  const timeZone = needs.people.known(who)?.timeZone ?? "UTC";
  const shown = { query, sight, isCut, timeZone, now: new Date() };
  return { ...found, ...shown, tickets: await Promise.all(tickets) };
}

/** A visitor of the web form has no thread in Slack, and some have theirs in messages with the app: agents get to the triage card. */
async function urlOf(
  { messenger }: ListNeeds,
  ticket: Listed,
  isAgent: boolean,
): Promise<string | undefined> {
  if (!isAgent) return ticket.card_url ?? undefined;
  return sharedThread(ticket) || (await triageUrl(messenger, ticket));
}

/** What is open of one's own; for agents what waits for them. */
function firstQuery({ sees }: Sight): ListQuery {
  if (sees === "all") return { words: [], statuses: [], by: "queue" };
  return { words: [], statuses: [...OPEN], by: "me" };
}

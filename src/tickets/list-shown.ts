import type { AdminNeeds, PolicyNow } from "#accounts/ask.ts";
import type { PersonAddress } from "#slack/people.ts";
import { type ListQuery, OPEN } from "./list.ts";
import { type Sight, sightOf } from "./list-sight.ts";
import type { ShownList } from "./list-views.ts";
import { findTickets } from "./store-list.ts";
import { deadlineFor } from "./targets.ts";

/** What this person may see of what they ask for, whatever a button says; at first what the Home tab opens with. Problem where they belong to no account. */
export async function shownList(
  needs: AdminNeeds & { policy: PolicyNow },
  { who, channelId }: { who: PersonAddress; channelId: string },
  asked?: { query: ListQuery; isCut: boolean },
): Promise<ShownList> {
  const sight = await sightOf(needs, who, channelId);
  const { query, isCut } = asked ?? { query: firstQuery(sight), isCut: false };
  const found = await findTickets(needs.db, sight, query);
  const tickets = found.tickets.map((ticket) => ({
    ...ticket,
    deadline: sight.sees === "all" ? deadlineFor(needs.policy(), ticket, ticket.plan) : undefined,
  }));
  const timeZone = needs.people.known(who)?.timeZone ?? "UTC";
  return { ...found, tickets, query, sight, isCut, timeZone, now: new Date() };
}

/** What is open of one's own; for agents what waits for them. */
function firstQuery({ sees }: Sight): ListQuery {
  if (sees === "all") return { words: [], statuses: [], by: "queue" };
  return { words: [], statuses: [...OPEN], by: "me" };
}

import { type AdminNeeds, isAgent } from "#accounts/ask.ts";
import type { PersonAddress } from "#slack/people.ts";
import { type ListQuery, OPEN } from "./list.ts";
import { sightOf } from "./list-sight.ts";
import type { ShownList } from "./list-views.ts";
import { findTickets } from "./store-list.ts";

/** What this person may see of what they ask for, whatever a button says. Problem where they belong to no account. */
export async function shownList(
  needs: AdminNeeds,
  { who, channelId }: { who: PersonAddress; channelId: string },
  { query, isCut }: { query: ListQuery; isCut: boolean },
): Promise<ShownList> {
  const sight = await sightOf(needs, who, channelId);
  const found = await findTickets(needs.db, sight, query);
  const timeZone = needs.people.known(who)?.timeZone ?? "UTC";
  return { ...found, query, sight, isCut, timeZone };
}

/** What the Home tab opens with: what is open of one's own; for agents what waits for them. */
export async function firstQuery(needs: AdminNeeds, who: PersonAddress): Promise<ListQuery> {
  const isOfAgent = await isAgent(needs.people, needs.agentsChannel, who);
  if (isOfAgent) return { words: [], statuses: [], by: "queue" };
  return { words: [], statuses: [...OPEN], by: "me" };
}

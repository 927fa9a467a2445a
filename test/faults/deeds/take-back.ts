import { cardOf, says } from "../people/effects.ts";
import type { Known, Town } from "../people/town.ts";
import { AGENTS } from "../world/world.ts";
import { type Done, doneAs } from "./done.ts";
import { sayInThread } from "./say-in-thread.ts";

const SAID_MS = 60_000;

/** A message with a file, deleted when all of it is where it belongs. One that does not come there is only said. */
export async function takeBack(town: Town, ticket: Known): Promise<Done> {
  const { world } = town;
  const { op: said, isThere = () => true } = await sayInThread(town, ticket, { hasFile: true });
  const card = cardOf(world, ticket);
  if (said.outcome !== "ok" || !card) return { op: said };
  if (!(await world.slack.until(isThere, SAID_MS))) return { op: said, isThere };

  const person = world.person(said.by);
  const thread = await person.messages(card.channel, card.ts);
  const message = thread.find(({ text }) => text === said.token);
  const begun = Date.now();
  const acted = message && (await person.erase(card.channel, message.ts));
  if (!acted?.ok) return { op: said, isThere };
  const op = doneAs({ ...said, deed: "take-back" }, { outcome: "ok" });
  return { op, isThere: () => isForgotten(town, said.token, begun) };
}

/** Where the desk takes no files: the agents' thread does not say it any more, and a file was deleted. */
function isForgotten({ world }: Town, token: string, since: number): boolean {
  const { slack } = world;
  const isDeleted = slack.calls.some(
    ({ method, ok, at }) => ok && method === "files.delete" && at >= since,
  );
  return (
    isDeleted && !slack.about(token).some((post) => post.channel === AGENTS && says(post, token))
  );
}

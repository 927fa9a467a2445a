import { isFreeAt, type Place } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { createMemory } from "#slack/memory.ts";

const GOOD_FOR_MS = 60_000;

/** Whether a place has self-service in place of tickets. Decides what is shown; what is filed asks again, where it is saved. */
export type Plans = {
  isFree(place: Place): Promise<boolean>;
  /** As it was within the last minute: a form asks as it opens, and then changes many times. */
  wasFree(place: Place): Promise<boolean>;
};

export function rememberPlans(db: Db, now: () => number = Date.now): Plans {
  const known = createMemory<{ isFree: boolean; at: number }>(now);

  async function ask(place: Place): Promise<boolean> {
    const isFree = await isFreeAt(db, place);
    known.put(keyOf(place), { isFree, at: now() });
    return isFree;
  }

  return {
    isFree: ask,
    async wasFree(place) {
      const last = known.get(keyOf(place));
      return last && now() - last.at < GOOD_FOR_MS ? last.isFree : ask(place);
    },
  };
}

function keyOf({ teamId, channelId }: Place): string {
  return `${teamId}/${channelId}`;
}

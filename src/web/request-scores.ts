import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import { NO_SCORES, type Scores } from "#tickets/ask.ts";

const GOOD_FOR_MS = 60_000;

/**
 * What everybody may see of the votes: asked for once a minute at most, and no page waits for the answer. As long as
 * nothing changes, it is the same object.
 */
export function rememberScores(ask: () => Promise<Scores>, log: Logger): () => Scores {
  let known = NO_SCORES;
  let goodUntil = 0;

  async function look(): Promise<void> {
    try {
      const found = await ask();
      if (!isDeepStrictEqual(found, known)) known = found;
    } catch (err) {
      log.warn({ err }, "the scores of articles could not be read");
    }
  }

  return () => {
    if (performance.now() >= goodUntil) {
      goodUntil = performance.now() + GOOD_FOR_MS;
      void look();
    }
    return known;
  };
}

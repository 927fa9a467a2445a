import { RetryLater } from "#errors.ts";
import type { People } from "#slack/people.ts";

/** Slack says nothing about anybody. */
export function silentPeople(): People {
  const silent = async () => {
    throw new RetryLater("Slack gave no answer");
  };
  return {
    known: () => undefined,
    meet: async () => undefined,
    pictureOf: async () => undefined,
    ask: silent,
    isMember: silent,
    channelsOf: silent,
  };
}

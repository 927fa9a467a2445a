import { type AdminNeeds, accountOf, isAgent, mustBeCustomerAdmin } from "#accounts/ask.ts";
import { Problem } from "#errors.ts";
import type { PersonAddress } from "#slack/people.ts";

/** Whose tickets a person may see on a list. */
export type Sight = { who: PersonAddress } & (
  | { sees: "all" }
  | { sees: "account"; accountId: string }
  /** `channels`: where they are now; `isUnsure`: Slack did not say where. */
  | { sees: "own"; accountId: string; channels: readonly string[]; isUnsure: boolean }
);

/**
 * Agents see the tickets of every account, admins those of theirs, anybody else their own and those of the channels
 * that they are in. Asked from Slack now; in doubt they see less.
 */
export async function sightOf(
  needs: AdminNeeds,
  who: PersonAddress,
  channelId: string,
): Promise<Sight> {
  const { db, people, agentsChannel } = needs;
  const { teamId, userId } = who;
  const asking = people.channelsOf(who).catch(() => undefined); // beside the others: one waits for the answer
  if (await isAgent(people, agentsChannel, who)) return { who: { teamId, userId }, sees: "all" };
  const account = await accountOf(db, { teamId, channelId });
  const seen = { who: { teamId, userId }, accountId: account.id };
  if (await isAdmin(mustBeCustomerAdmin(needs, account, who))) return { ...seen, sees: "account" };
  const channels = await asking;
  return { ...seen, sees: "own", channels: channels ?? [], isUnsure: !channels };
}

async function isAdmin(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

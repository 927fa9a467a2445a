import { type AdminNeeds, accountOf, isAgent, mustBeCustomerAdmin } from "#accounts/ask.ts";
import { Problem } from "#errors.ts";
import type { PersonAddress } from "#slack/people.ts";

/** Whose tickets a person may see on a list. */
export type Sight = { who: PersonAddress } & (
  | { sees: "all" }
  | { sees: "account"; accountId: string }
  /** `channels`: where they are now; `isUnsure`: Slack did not say all of it. */
  | { sees: "own"; accountId: string; channels: readonly string[]; isUnsure: boolean }
);

/**
 * Agents see the tickets of every account, admins those of theirs, anybody else their own and those of the channels
 * that they are in. Asked from Slack now; in doubt they see less.
 */
export async function sightOf(
  needs: AdminNeeds,
  { teamId, userId }: PersonAddress,
  channelId: string,
): Promise<Sight> {
  const { db, people, agentsChannel } = needs;
  const who = { teamId, userId };
  const asking = people.channelsOf(who).catch(() => undefined); // beside the others: one waits for the answer
  if (await isAgent(people, agentsChannel, who)) return { who, sees: "all" };
  const account = await accountOf(db, { teamId, channelId });
  const seen = { who, accountId: account.id };
  const isAdmin = await orUndefined(mustBeCustomerAdmin(needs, account, who));
  if (isAdmin) return { ...seen, sees: "account" };
  const channels = await asking;
  const isUnsure = isAdmin === undefined || !channels;
  return { ...seen, sees: "own", channels: channels ?? [], isUnsure };
}

/** Undefined: Slack did not say. */
async function orUndefined(asked: Promise<unknown>): Promise<boolean | undefined> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.code === "roles-unknown" ? undefined : false;
  }
}

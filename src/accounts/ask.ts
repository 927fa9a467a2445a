import type { Db } from "#db/connect.ts";
import { Problem, RetryLater } from "#errors.ts";
import { SlackRefused } from "#slack/failures.ts";
import type { FindInstallation } from "#slack/installation.ts";
import type { People, Person, PersonAddress } from "#slack/people.ts";
import {
  type Account,
  accountIdOfMail,
  findAccount,
  findAccountOf,
  findAccountWith,
  findNamedAdmins,
  type Place,
} from "./store.ts";

export {
  type Article,
  articlesOf,
  type CannedReply,
  PLACEHOLDERS,
  type Policy,
  type Topic,
  topicOf,
} from "./policy.ts";
export type { PolicyNow } from "./policy-source.ts";
export {
  type Account,
  accountIdAt,
  accountIdOfMail,
  findAccount,
  type Place,
  UNVERIFIED_ACCOUNT,
} from "./store.ts";
export type AgentsChannel = { teamId: string; channelId: string };

export async function accountOf(db: Db, place: Place): Promise<Account> {
  const account = await findAccountOf(db, place);
  if (!account) throw new Problem("no-account", {});
  return account;
}

/** Undefined for an address that no account names. */
export async function findAccountOfMail(db: Db, address: string): Promise<Account | undefined> {
  return findAccountWith(db, accountIdOfMail(address));
}

export async function hasAccountAt(db: Db, place: Place): Promise<boolean> {
  return (await findAccountOf(db, place)) !== undefined;
}

export async function isFreeAt(db: Db, place: Place): Promise<boolean> {
  return (await findAccountOf(db, place))?.plan === "free";
}

/** An agent is a member of the agents' channel, asked from Slack now. Denied on any doubt. */
export async function mustBeAgent(
  people: People,
  agentsChannel: AgentsChannel,
  person: PersonAddress,
): Promise<void> {
  if (await isMemberOf(people, agentsChannel, person)) return;
  throw new Problem("not-an-agent", { agentsChannel: agentsChannel.channelId });
}

/** A Problem on any doubt. */
async function isMemberOf(
  people: People,
  agentsChannel: AgentsChannel,
  { teamId, userId }: PersonAddress,
): Promise<boolean> {
  return teamId === agentsChannel.teamId && orDoubt(people.isMember(agentsChannel, userId));
}

export type AdminNeeds = {
  db: Db;
  people: People;
  findInstallation: FindInstallation;
  agentsChannel: AgentsChannel;
};

/** The same for what is no decision about rights: who wrote a message. In doubt it was not an agent. */
export async function isAgent(
  people: People,
  agentsChannel: AgentsChannel,
  person: PersonAddress,
): Promise<boolean> {
  return isMemberOf(people, agentsChannel, person).catch((error: unknown) => {
    if (error instanceof Problem) return false;
    throw error;
  });
}

/**
 * Customer admins, DESIGN section 1: where the account owns the workspace, its Slack owners and admins;
 * everywhere, the admins named in the account; never an agent, who would open the door to themselves. Answers the person as Slack knows them now.
 */
export async function mustBeCustomerAdmin(
  needs: AdminNeeds,
  account: Account,
  address: PersonAddress,
): Promise<Person> {
  const { db, people, findInstallation, agentsChannel } = needs;
  const named = await findNamedAdmins(db, account.id);
  const person = await orDoubt(people.ask(address, "quick"));
  const installation = await findInstallation(address.teamId);
  const ownsWorkspace = installation?.accountId === account.id && !installation.isHome;
  const isNamed = named.some((a) => a.teamId === address.teamId && a.userId === address.userId);

  const isAgent =
    address.teamId === agentsChannel.teamId &&
    (await orDoubt(people.isMember(agentsChannel, address.userId)));

  const isSound = !person.isBot && !person.isDeactivated && !isAgent;
  const byFlag = ownsWorkspace && person.isAdmin && !person.isGuest && !person.isStranger;
  if (isSound && (byFlag || isNamed)) return person;
  throw new Problem("not-an-admin", { admins: named.map((admin) => admin.userId) });
}

/** Slack did not say: then the answer is no, with a sentence that asks to try again. */
async function orDoubt<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RetryLater || error instanceof SlackRefused) {
      throw new Problem("roles-unknown", {}, { cause: error });
    }
    throw error;
  }
}

export async function accountName(db: Db, accountId: string): Promise<string> {
  const account = await findAccount(db, accountId);
  return account?.name ?? accountId;
}

import { type RawBuilder, sql } from "kysely";
import type { Db } from "#db/connect.ts";
import { clearNotice } from "#db/notices.ts";
import type { Installation } from "#slack/installation.ts";
import type { KnownPerson } from "#slack/people.ts";

export type Account = { id: string; name: string; plan: "free" | "paid" };

export type Place = { teamId: string; channelId: string };

/**
 * SQL for the account that a place in Slack belongs to: its channel's, else its workspace's, as the policy has it or as
 * it was installed; null for nobody's.
 */
export function accountIdAt({ teamId, channelId }: Place): RawBuilder<string> {
  return sql`coalesce(
    (select account_id from account_channel where team_id = ${teamId} and channel_id = ${channelId}),
    (select account_id from account_workspace where team_id = ${teamId}),
    (select coalesce(account_id, case when is_home then ${HOME_ACCOUNT} end) from installation
     where team_id = ${teamId})
  )`;
}

/** The same for a verified e-mail address, in small letters: by itself, else by its domain. */
export function accountIdOfMail(address: string): RawBuilder<string | null> {
  return sql`coalesce(
    (select account_id from account_mail_address where address = ${address}),
    (select account_id from account_mail_domain where domain = ${address.split("@").at(-1)})
  )`;
}

/** Visitors of the web form whose address no account names. Its plan is the policy's. */
export const UNVERIFIED_ACCOUNT = "unverified";

export async function findAccountOf(db: Db, place: Place): Promise<Account | undefined> {
  return findAccountWith(db, accountIdAt(place));
}

export async function findAccountWith(
  db: Db,
  id: RawBuilder<string | null>,
): Promise<Account | undefined> {
  return db
    .selectFrom("account")
    .select(["id", "name", "plan"])
    .where("id", "=", id)
    .executeTakeFirst();
}

export async function saveUnverifiedAccount(db: Db, plan: Account["plan"]): Promise<void> {
  const known = await findAccount(db, UNVERIFIED_ACCOUNT);
  if (known?.plan === plan) return;
  await saveAccount(db, { id: UNVERIFIED_ACCOUNT, name: "Unverified customer", plan });
}

/** Tickets filed inside the vendor's own workspace, outside of any customer's channel. */
export const HOME_ACCOUNT = "home";

export async function findAccount(db: Db, id: string): Promise<Account | undefined> {
  return db
    .selectFrom("account")
    .select(["id", "name", "plan"])
    .where("id", "=", id)
    .executeTakeFirst();
}

export async function findNamedAdmins(
  db: Db,
  accountId: string,
): Promise<{ teamId: string; userId: string }[]> {
  return db
    .selectFrom("account_admin")
    .select(["team_id as teamId", "user_id as userId"])
    .where("account_id", "=", accountId)
    .orderBy("user_id")
    .execute();
}

export async function findConnectedInstallation(
  db: Db,
  teamId: string,
): Promise<Installation | undefined> {
  const row = await db
    .selectFrom("installation")
    .leftJoin("account_workspace as policy", "policy.team_id", "installation.team_id")
    .selectAll("installation")
    .select("policy.account_id as policy_account_id")
    .where("installation.team_id", "=", teamId)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return (
    row && {
      teamId: row.team_id,
      teamName: row.team_name,
      accountId: row.policy_account_id ?? row.account_id ?? undefined,
      isHome: row.is_home,
      botToken: row.bot_token,
      botUserId: row.bot_user_id,
      botId: row.bot_id,
    }
  );
}

/** What the operator is told of a workspace whose token has ended, until its app is installed again. */
export function disconnectedNotice(teamId: string): string {
  return `workspace-disconnected:${teamId}`;
}

export async function saveInstallation(db: Db, installation: Installation): Promise<void> {
  const row = {
    team_name: installation.teamName,
    ...(installation.accountId && { account_id: installation.accountId }), // none given: stays as it is
    is_home: installation.isHome,
    bot_token: installation.botToken,
    bot_user_id: installation.botUserId,
    bot_id: installation.botId,
    revoked_at: null,
  };
  await db
    .insertInto("installation")
    .values({ team_id: installation.teamId, account_id: null, ...row })
    .onConflict((oc) => oc.column("team_id").doUpdateSet(row))
    .execute();
  await clearNotice(db, disconnectedNotice(installation.teamId));
}

/** True when it was connected until now: so that it is said once. */
export async function markRevoked(db: Db, teamId: string, botToken: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("installation")
    .set({ revoked_at: sql<Date>`deskline_now()` })
    .where("team_id", "=", teamId)
    .where("bot_token", "=", botToken) // a newer token is not ended by the end of an older one
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function saveAccount(db: Db, account: Account): Promise<void> {
  const { id, ...row } = account;
  await db
    .insertInto("account")
    .values({ id, ...row })
    .onConflict((oc) => oc.column("id").doUpdateSet(row))
    .execute();
}

export async function setAdmins(
  db: Db,
  accountId: string,
  admins: readonly { teamId: string; userId: string }[],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom("account_admin").where("account_id", "=", accountId).execute();
    if (admins.length === 0) return;
    await tx
      .insertInto("account_admin")
      .values(admins.map((a) => ({ account_id: accountId, team_id: a.teamId, user_id: a.userId })))
      .execute();
  });
}

export async function saveAccountChannel(
  db: Db,
  accountId: string,
  channel: { teamId: string; channelId: string },
): Promise<void> {
  await db
    .insertInto("account_channel")
    .values({ account_id: accountId, team_id: channel.teamId, channel_id: channel.channelId })
    .onConflict((oc) =>
      oc.columns(["team_id", "channel_id"]).doUpdateSet({ account_id: accountId }),
    )
    .execute();
}

/** The people met most recently: enough to open the first screen of the day in the right language. */
export async function findKnownPeople(db: Db): Promise<KnownPerson[]> {
  return db
    .selectFrom("person")
    .select(["team_id as teamId", "user_id as userId", "name", "language", "time_zone as timeZone"])
    .orderBy("seen_at", "desc")
    .limit(20_000)
    .execute();
}

export async function rememberPerson(db: Db, person: KnownPerson): Promise<void> {
  const row = {
    name: person.name,
    language: person.language,
    time_zone: person.timeZone,
    seen_at: sql<Date>`deskline_now()`,
  };
  await db
    .insertInto("person")
    .values({ team_id: person.teamId, user_id: person.userId, ...row })
    .onConflict((oc) => oc.columns(["team_id", "user_id"]).doUpdateSet(row))
    .execute();
}

/** Connected or not. */
export async function findInstallationByToken(db: Db, botToken: string) {
  return db
    .selectFrom("installation")
    .select("team_id")
    .where("bot_token", "=", botToken)
    .executeTakeFirst();
}

import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Policy, PolicyAccount } from "./policy.ts";
import { saveAccount, saveAccountChannel } from "./store.ts";

const PLACES = [
  "account_admin",
  "account_contact",
  "account_channel",
  "account_workspace",
  "account_mail_domain",
  "account_mail_address",
] as const;

type Whole = Omit<PolicyAccount, "plan"> & { plan: "free" | "paid" };

/**
 * The accounts that the policy names become what it says of them, and those that it named before lose their places.
 * Those that the REST API has set, and others, stay.
 */
export async function saveAccountsOf(db: Db, policy: Policy): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockAccounts(tx);
    const others = await findSetByApi(tx);
    const named = policy.accounts.filter(({ id }) => !others.has(id));
    const ids = policy.accounts.map(({ id }) => id);
    await forgetUnnamed(tx, ids);
    await saveWhole(
      tx,
      named.map((each) => ({ ...each, plan: each.plan ?? policy.default_plan })),
    );
    await sql`update account set in_policy = true where id = any (${ids}::text[])`.execute(tx);
  });
}

/** One account as the REST API has it: from now on the policy file says nothing of it. */
export async function saveAccountByApi(db: Db, account: Whole, keyName: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockAccounts(tx);
    await saveWhole(tx, [account]);
    await tx
      .updateTable("account")
      .set({ set_by_api_at: sql<Date>`deskline_now()` })
      .where("id", "=", account.id)
      .execute();
    await tx
      .insertInto("account_history")
      .values({
        account_id: account.id,
        event: "set-by-api",
        actor_team_id: null,
        actor_user_id: null,
        actor_name: keyName,
        detail: JSON.stringify(account),
      })
      .execute();
  });
}

/** All of an account, as the policy and the REST API write it. */
export async function findWhole(db: Db, id: string): Promise<Whole | undefined> {
  const { rows } = await sql<Whole>`
    select id, name, plan,
      array(select team_id from account_workspace where account_id = account.id order by 1) as workspaces,
      array(select team_id || '/' || channel_id from account_channel
        where account_id = account.id order by 1) as channels,
      array(select team_id || '/' || user_id from account_admin
        where account_id = account.id order by 1) as admins,
      array(select team_id || '/' || user_id from account_contact
        where account_id = account.id order by place) as contacts,
      array(select domain from account_mail_domain where account_id = account.id order by 1) as domains,
      array(select address from account_mail_address where account_id = account.id order by 1) as addresses
    from account where id = ${id}`.execute(db);
  return rows[0];
}

async function forgetUnnamed(tx: Tx, named: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update account set in_policy = false
    where in_policy and set_by_api_at is null and id <> all (${named}::text[]) returning id`.execute(
    tx,
  );
  for (const { id } of rows) await clearPlaces(tx, id);
}

/** Each process that starts reads the policy, and a request may come meanwhile. */
async function lockAccounts(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('accounts'))`.execute(tx);
}

async function findSetByApi(tx: Tx): Promise<Set<string>> {
  const rows = await tx
    .selectFrom("account")
    .select("id")
    .where("set_by_api_at", "is not", null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Places that one gives up and another takes change hands, in whichever order they stand. */
async function saveWhole(tx: Tx, accounts: readonly Whole[]): Promise<void> {
  for (const { id, name, plan } of accounts) await saveAccount(tx, { id, name, plan });
  for (const { id } of accounts) await clearPlaces(tx, id);
  for (const account of accounts) await savePlaces(tx, account);
}

async function clearPlaces(tx: Tx, id: string): Promise<void> {
  for (const table of PLACES) await tx.deleteFrom(table).where("account_id", "=", id).execute();
}

async function savePlaces(tx: Tx, account: Whole): Promise<void> {
  const { id, admins, contacts, channels, workspaces } = account;
  for (const channel of channels) {
    const [teamId = "", channelId = ""] = channel.split("/");
    await saveAccountChannel(tx, id, { teamId, channelId });
  }
  for (const admin of new Set(admins)) {
    const [team_id = "", user_id = ""] = admin.split("/");
    await tx.insertInto("account_admin").values({ account_id: id, team_id, user_id }).execute();
  }
  for (const [place, contact] of [...new Set(contacts)].entries()) {
    const [team_id = "", user_id = ""] = contact.split("/");
    const row = { account_id: id, place, team_id, user_id };
    await tx.insertInto("account_contact").values(row).execute();
  }
  for (const team_id of workspaces) {
    await tx
      .insertInto("account_workspace")
      .values({ account_id: id, team_id })
      .onConflict((oc) => oc.column("team_id").doUpdateSet({ account_id: id }))
      .execute();
  }
  await saveMail(tx, account);
}

async function saveMail(tx: Tx, { id: account_id, domains, addresses }: Whole): Promise<void> {
  for (const domain of domains) {
    await tx
      .insertInto("account_mail_domain")
      .values({ domain, account_id })
      .onConflict((oc) => oc.column("domain").doUpdateSet({ account_id }))
      .execute();
  }
  for (const address of addresses) {
    await tx
      .insertInto("account_mail_address")
      .values({ address, account_id })
      .onConflict((oc) => oc.column("address").doUpdateSet({ account_id }))
      .execute();
  }
}

import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Policy } from "./policy.ts";
import { saveAccount, saveAccountChannel } from "./store.ts";

type PolicyAccount = Policy["accounts"][number];

/** The accounts that the policy names become what it says of them; others stay as they are. */
export async function saveAccountsOf(db: Db, policy: Policy): Promise<void> {
  if (policy.accounts.length === 0) return;
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('policy'))`.execute(tx); // each process that starts does this
    for (const { id, name, plan = policy.default_plan } of policy.accounts)
      await saveAccount(tx, { id, name, plan });
    for (const account of policy.accounts) await clearPlaces(tx, account);
    for (const account of policy.accounts) await savePlaces(tx, account);
  });
}

async function clearPlaces(tx: Tx, { id }: PolicyAccount): Promise<void> {
  for (const table of ["account_admin", "account_channel", "account_workspace"] as const)
    await tx.deleteFrom(table).where("account_id", "=", id).execute();
}

async function savePlaces(tx: Tx, { id, admins, channels, workspaces }: PolicyAccount) {
  for (const channel of channels) {
    const [teamId = "", channelId = ""] = channel.split("/");
    await saveAccountChannel(tx, id, { teamId, channelId });
  }
  for (const admin of admins) {
    const [team_id = "", user_id = ""] = admin.split("/");
    await tx.insertInto("account_admin").values({ account_id: id, team_id, user_id }).execute();
  }
  for (const team_id of workspaces) {
    await tx
      .insertInto("account_workspace")
      .values({ account_id: id, team_id })
      .onConflict((oc) => oc.column("team_id").doUpdateSet({ account_id: id }))
      .execute();
  }
}

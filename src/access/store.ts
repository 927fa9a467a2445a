import { type Insertable, type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Tables } from "#db/tables.ts";

export type Grant = {
  id: string;
  endsAt: Date;
  setBy: { teamId: string; userId: string; name: string };
  /** It ended at its date, not because somebody ended or replaced it. */
  ranOut: boolean;
  isActive: boolean;
};
/** Every query names the account: a grant of another account is not found. */
export type GrantRef = { accountId: string; grantId: string };

const NOW = sql<Date>`deskline_now()`;

/** Two admins at once come one after the other. Filing a ticket does not wait for them. */
export async function lockAccount(tx: Tx, accountId: string): Promise<void> {
  await sql`select 1 from account where id = ${accountId} for no key update`.execute(tx);
}

/**
 * The account's active grant. The first look past its end writes that it ended, with the account's history,
 * and no clock brings it back.
 */
export async function lookAtGrant(db: Db, accountId: string): Promise<Grant | undefined> {
  const grant = await findGrantWhere(db, accountId, sql`ended_at is null`);
  if (!grant || grant.isActive) return grant;
  await sql`
    with ended as (
      update support_grant set ended_at = ends_at
      where account_id = ${accountId} and ended_at is null and ends_at <= ${NOW}
      returning account_id, id, ends_at
    )
    insert into account_history (account_id, at, event, actor_name, detail)
    select account_id, ends_at, 'access.ran-out', 'Deskline', jsonb_build_object('ended', id)
    from ended`.execute(db);
  return undefined;
}

export async function findGrant(db: Db, ref: GrantRef): Promise<Grant> {
  const grant = await findGrantWhere(db, ref.accountId, sql`id = ${ref.grantId}`);
  if (!grant) throw new Error("the account has no such grant");
  return grant;
}

/** From now, to the millisecond, for days of exactly 24 hours. */
export async function insertGrant(
  tx: Tx,
  { accountId, grantId }: GrantRef,
  { days, setBy }: { days: number; setBy: Grant["setBy"] },
): Promise<Date> {
  const { rows } = await sql<{ endsAt: Date }>`
    insert into support_grant
      (account_id, id, set_at, ends_at, set_by_team_id, set_by_user_id, set_by_name)
    select ${accountId}, ${grantId}::uuid, at, at + ${days}::integer * interval '24 hours',
      ${setBy.teamId}, ${setBy.userId}, ${setBy.name}
    from (select date_trunc('milliseconds', ${NOW}) as at) as now
    returning ends_at as "endsAt"`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error("the grant was not written");
  return row.endsAt;
}

export async function endGrant(tx: Tx, ref: GrantRef): Promise<void> {
  await sql`
    update support_grant set ended_at = ${NOW}
    where account_id = ${ref.accountId} and id = ${ref.grantId} and ended_at is null`.execute(tx);
}

export async function insertHistory(
  tx: Tx,
  row: Insertable<Tables["account_history"]>,
): Promise<void> {
  await tx.insertInto("account_history").values(row).execute();
}

async function findGrantWhere(
  db: Db,
  accountId: string,
  condition: RawBuilder<unknown>,
): Promise<Grant | undefined> {
  const { rows } = await sql<Omit<Grant, "setBy"> & Grant["setBy"]>`
    select id, ends_at as "endsAt", set_by_team_id as "teamId", set_by_user_id as "userId",
      set_by_name as name, coalesce(ended_at = ends_at, false) as "ranOut",
      ended_at is null and ${NOW} < ends_at as "isActive"
    from support_grant where account_id = ${accountId} and ${condition}`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const { id, endsAt, ranOut, isActive, ...setBy } = row;
  return { id, endsAt, ranOut, isActive, setBy };
}

import { sql } from "kysely";
import type { Db } from "#db/connect.ts";

export type AccountLine = {
  id: string;
  name: string;
  plan: string;
  workspaces: string[];
  channels: string[];
  admins: string[];
};

/** Every account with what belongs to it, each as Slack's ids: T…, T…/C…, T…/U…. */
export async function findAccountLines(db: Db): Promise<AccountLine[]> {
  const { rows } = await sql<AccountLine>`
    select id, name, plan,
      array(select team_id from account_workspace where account_id = account.id
        union select team_id from installation
        where coalesce(account_id, case when is_home then 'home' end) = account.id
          and team_id not in (select team_id from account_workspace)
        order by 1) as workspaces,
      array(select team_id || '/' || channel_id from account_channel
        where account_id = account.id order by 1) as channels,
      array(select team_id || '/' || user_id from account_admin
        where account_id = account.id order by 1) as admins
    from account order by id`.execute(db);
  return rows;
}

export async function findWorkspace(
  db: Db,
  teamId: string,
): Promise<{ accountId: string | null; isHome: boolean } | undefined> {
  return db
    .selectFrom("installation")
    .select(["account_id as accountId", "is_home as isHome"])
    .where("team_id", "=", teamId)
    .executeTakeFirst();
}

export async function findChannelOwner(
  db: Db,
  { teamId, channelId }: { teamId: string; channelId: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom("account_channel")
    .select("account_id")
    .where("team_id", "=", teamId)
    .where("channel_id", "=", channelId)
    .executeTakeFirst();
  return row?.account_id;
}

/** The numbers of these tickets, by their ids. */
export async function findTicketNumbers(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; number: number }>`
    select id, number from ticket where id = any (${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, number }) => [id, number]));
}

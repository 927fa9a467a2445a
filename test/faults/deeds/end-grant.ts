import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import { untilItWorks } from "../people/patience.ts";
import type { Town } from "../people/town.ts";
import { type Done, doneAs } from "./done.ts";

/** The time that an admin gave has run out: they are told in their DM. */
export async function endGrant(town: Town): Promise<Done> {
  const { world } = town;
  const at = Date.now();
  const token = world.newToken();
  const grantId = randomUUID();
  await untilItWorks(() =>
    world
      .withDatabase((db) => insertEndedGrant(db, token, grantId))
      .then(
        () => ({ outcome: "ok" }),
        (error: unknown) => ({ outcome: "unknown", said: String(error) }),
      ),
  );
  const isThere = () =>
    world.slack.posts.some(({ key }) => key?.startsWith(`access.tell-end:${grantId}`));
  return {
    op: doneAs({ token, deed: "grant-ends", by: "time", at }, { outcome: "ok" }),
    isThere,
  };
}

async function insertEndedGrant(db: Db, account: string, grantId: string): Promise<void> {
  await sql`
    with owner as (
      insert into account (id, name, plan) values (${account}, ${account}, 'paid')
      on conflict do nothing returning id
    ),
    ended as (
      insert into support_grant
        (id, account_id, set_at, ends_at, set_by_team_id, set_by_user_id, set_by_name)
      select ${grantId}::uuid, id, deskline_now() - interval '1 day', deskline_now(),
        'T0ACME', 'U0DANA', 'Dana' from owner
      returning id, account_id
    )
    insert into job (name, payload, key, run_at, due_at)
    select 'access.end', jsonb_build_object('accountId', account_id, 'grantId', id),
      'access.end:' || id, deskline_now(), deskline_now() from ended`.execute(db);
  await sql`select pg_notify('job', '')`.execute(db);
}

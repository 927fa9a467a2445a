import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import { OPEN } from "./list.ts";
import { PRIORITIES } from "./priority.ts";
import { SHOWN, type Shown } from "./store.ts";
import { DESKLINE, type UpkeepEvent } from "./store-history.ts";

const IS_OPEN = sql`status in (${sql.join(OPEN.map((status) => sql.lit(status)))})`;

/** Who owns a ticket that has not ended. All accounts. */
export async function findAssignees(db: Db): Promise<string[]> {
  const { rows } = await sql<{ userId: string }>`
    select distinct assignee_user_id as "userId" from ticket
    where assignee_user_id is not null and ${IS_OPEN}`.execute(db);
  return rows.map(({ userId }) => userId);
}

/** Takes all that have not ended from one agent, and writes down why; the most urgent first, then the oldest. All accounts. */
export async function releaseTickets(
  tx: Tx,
  userId: string,
): Promise<(Shown & { assigneeName: string | null })[]> {
  const shown = sql.join(SHOWN.map((column) => sql.ref(`ticket.${column}`)));
  const { rows } = await sql<Shown & { assigneeName: string | null }>`
    with theirs as (
      select account_id, id, assignee_name from ticket
      where assignee_user_id = ${userId} and ${IS_OPEN} order by id for update
    ),
    released as (
      update ticket set assignee_user_id = null, assignee_name = null, version = version + 1,
        updated_at = deskline_now()
      from theirs where ticket.account_id = theirs.account_id and ticket.id = theirs.id
      returning ${shown}, theirs.assignee_name as "assigneeName", ticket.priority, ticket.created_at
    ),
    noted as (
      insert into ticket_history (account_id, ticket_id, at, event, actor_kind, actor_name, detail)
      select account_id, id, greatest(deskline_now(), (
          select max(at) + interval '1 microsecond' from ticket_history as before
          where before.account_id = released.account_id and before.ticket_id = released.id)),
        ${"left" satisfies UpkeepEvent}, ${DESKLINE.kind}, ${DESKLINE.name},
        jsonb_build_object('userId', ${userId}::text, 'name', coalesce("assigneeName", ${userId}))
      from released
    )
    select * from released
    order by array_position(${[...PRIORITIES]}::text[], priority), created_at`.execute(tx);
  return rows;
}

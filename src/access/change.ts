import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, takeDelivery } from "#db/inbox.ts";
import { Problem } from "#errors.ts";
import { enqueue } from "#jobs/queue.ts";
import { type Change, Done } from "./grant.ts";
import {
  endGrant,
  type Grant,
  type GrantRef,
  insertGrant,
  insertHistory,
  lockAccount,
  lookAtGrant,
} from "./store.ts";

/** Who changes which account's access, and a key that is the same when Slack sends it twice. */
export type Request = { key: string; accountId: string; by: Grant["setBy"] };

const DELIVERY = { source: "slack.command", answer: Done } as const;

/** Grant, reset or off, in one transaction. That `by` is an admin of the account was asked before. */
export async function changeAccess(db: Db, change: Change, request: Request): Promise<Done> {
  try {
    return await onceDelivered(db, { ...DELIVERY, key: request.key }, () =>
      db.transaction().execute((tx) => write(tx, change, request)),
    );
  } catch (error) {
    // The refusal rolled back that an end was seen: see it again, for good.
    if (error instanceof Problem) await lookAtGrant(db, request.accountId);
    throw error;
  }
}

async function write(tx: Tx, change: Change, { key, accountId, by }: Request): Promise<Done> {
  await lockAccount(tx, accountId);
  const { verb } = change;
  const grantId = crypto.randomUUID();
  const done: Done = verb === "off" ? { did: verb } : { did: verb, grantId };
  await takeDelivery(tx, DELIVERY.source, key, done);

  const current = await lookAtGrant(tx, accountId);
  mustFit(verb, current);
  if (current) await endGrant(tx, { accountId, grantId: current.id });
  const begun =
    verb === "off"
      ? undefined
      : await begin(tx, { accountId, grantId }, { days: change.days, setBy: by });
  await insertHistory(tx, {
    account_id: accountId,
    event: `access.${verb}`,
    actor_team_id: by.teamId,
    actor_user_id: by.userId,
    actor_name: by.name,
    detail: JSON.stringify({ ...(current && { ended: current.id }), ...(begun && { begun }) }),
  });
  return done;
}

/** Whoever comes second is told what the first one did. A reset never turns on what somebody turned off. */
function mustFit(verb: Change["verb"], current: Grant | undefined): void {
  if (verb === "grant" && current) {
    throw new Problem("access-already-on", { until: current.endsAt });
  }
  if (verb !== "grant" && !current) throw new Problem("access-already-off", {});
}

async function begin(tx: Tx, ref: GrantRef, grant: { days: number; setBy: Grant["setBy"] }) {
  const until = await insertGrant(tx, ref, grant);
  await enqueue(tx, "access.end", ref, { key: `access.end:${ref.grantId}`, runAt: until });
  return { grantId: ref.grantId, until };
}

import { findAccount, type PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { createMemory } from "#slack/memory.ts";
import type { Ticket } from "./store.ts";
import { type Measured, measureFirstAnswers } from "./store-waiting.ts";
import { isAnyTime, targetOf } from "./targets.ts";

/** What the requester may expect: what really happened to tickets like theirs, else what the vendor aims at, in minutes of work. */
export type Expectation =
  | ({ is: "measured" } & Measured)
  | { is: "target"; minutes: number; isAnyTime: boolean };

const ENOUGH = 20; // fewer say nothing
const GOOD_FOR_MS = 10 * 60_000;

export type Expectations = (
  ticket: Pick<Ticket, "account_id" | "priority" | "first_answered_at" | "waits_since">,
) => Promise<Expectation | undefined>;

/** Undefined when support has answered, and where nobody knows. */
export function createExpectations(
  { db, policy }: { db: Db; policy: PolicyNow },
  now: () => number = Date.now,
): Expectations {
  const known = createMemory<Measured & { at: number }>(now);

  async function measured(like: Parameters<typeof measureFirstAnswers>[1]): Promise<Measured> {
    const key = `${like.plan}/${like.priority}`;
    const last = known.get(key);
    if (last && now() - last.at < GOOD_FOR_MS) return last;
    const fresh = await measureFirstAnswers(db, like);
    if (fresh.count >= ENOUGH) known.put(key, { ...fresh, at: now() });
    return fresh;
  }

  return async ({ account_id, priority, first_answered_at, waits_since }) => {
    if (first_answered_at || !waits_since) return undefined;
    const { plan } = (await findAccount(db, account_id)) ?? { plan: "paid" };
    const found = await measured({ plan, priority });
    if (found.count >= ENOUGH) return { is: "measured", ...found };
    const minutes = targetOf(policy(), { priority, plan, isFirst: true });
    if (minutes === undefined) return undefined;
    return { is: "target", minutes, isAnyTime: isAnyTime(policy(), priority) };
  };
}

import type { Logger } from "pino";
import type { AgentsChannel, PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { startLooking } from "#rounds.ts";
import type { People } from "#slack/people.ts";
import { releaseIfDeparted } from "./departed.ts";
import { tellAgents } from "./outbox.ts";
import { withTicket } from "./store.ts";
import { DESKLINE, insertEvent } from "./store-history.ts";
import { findWaiting, insertPing, type WaitingTicket } from "./store-waiting.ts";
import { deadlineOf } from "./targets.ts";

const LOOK_MS = 30_000;

type Needs = { db: Db; policy: PolicyNow; people: People; agentsChannel: AgentsChannel };

/** Looks from time to time whose answer is nearly late, or is. Each thing is said once. */
export function startWaitingWatch({ log, ...needs }: Needs & { log: Logger }): AsyncDisposable {
  return startLooking(() => pingLate(needs), {
    lookMs: LOOK_MS,
    onFault: (err) => log.warn({ err }, "late answers were not looked for"),
  });
}

/** Warns in the agents' thread before an answer is late; when it is, the next level is called. */
export async function pingLate(needs: Needs): Promise<void> {
  const { db, policy } = needs;
  if (!policy().targets) return;
  for (const waiting of await findWaiting(db)) {
    const deadline = deadlineOf(policy(), waiting);
    if (!deadline || waiting.now < deadline.warnAt) continue;
    const kind = waiting.now < deadline.dueAt ? "warning" : "late";
    if (!waiting.pinged.includes(kind)) await ping(needs, waiting, { ...deadline, kind });
  }
}

async function ping(
  needs: Needs,
  waiting: WaitingTicket,
  { kind, dueAt, isFirst }: { kind: "warning" | "late"; dueAt: Date; isFirst: boolean },
): Promise<void> {
  const { db, policy } = needs;
  if (waiting.assigneeId) await releaseIfDeparted(needs, waiting.assigneeId); // nobody calls who is gone
  await withTicket(db, waiting, async (tx, ticket) => {
    const assignee = ticket.assignee_user_id ? [ticket.assignee_user_id] : [];
    const next = policy().targets?.escalate_to.map((each) => each.split("/")[1] ?? "") ?? [];
    const called = [...new Set(kind === "late" ? [...assignee, ...next] : assignee)];
    if (!(await insertPing(tx, waiting, { kind, dueAt, called: called.length }))) return;
    const historyId = await insertEvent(tx, ticket, {
      event: kind === "late" ? "answer-late" : "answer-due",
      by: DESKLINE,
      detail: { dueAt, isFirst, called },
    });
    await tellAgents(tx, ticket, historyId);
  });
}

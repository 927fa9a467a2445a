import type { Policy } from "#accounts/ask.ts";
import type { Priority } from "#db/tables.ts";
import { afterWork, workBetween } from "./business-time.ts";
import type { Ticket } from "./store.ts";

/** Of a ticket whose customer waits for an answer. */
export type Waiting = {
  priority: Priority;
  plan: "free" | "paid";
  since: Date;
  /** Whether support has never answered it. */
  isFirst: boolean;
};
export type Deadline = { dueAt: Date; warnAt: Date; isFirst: boolean };

type Targets = Pick<Policy, "targets">;
/** Of a ticket. */
export type Standing = Pick<Ticket, "priority" | "status" | "waits_since" | "first_answered_at">;

/** Until when its customer is to be answered; undefined while they do not wait for support. */
export function deadlineFor(
  policy: Targets,
  { priority, status, waits_since: since, first_answered_at }: Standing,
  plan: "free" | "paid",
): Deadline | undefined {
  const isOurs = status === "new" || status === "open";
  if (!since || !isOurs) return undefined;
  return deadlineOf(policy, { priority, plan, since, isFirst: !first_answered_at });
}

/** When the answer is due, by the vendor's policy; undefined where that has no target. */
export function deadlineOf({ targets }: Targets, waiting: Waiting): Deadline | undefined {
  const minutes = targetOf({ targets }, waiting);
  if (!targets || minutes === undefined) return undefined;
  const dueAt = afterWork(waiting.since, minutes, hoursFor({ targets }, waiting.priority));
  if (!dueAt) return undefined;
  const warnAt = new Date(dueAt.getTime() - targets.warn_minutes * 60_000);
  return {
    dueAt,
    warnAt: warnAt < waiting.since ? waiting.since : warnAt,
    isFirst: waiting.isFirst,
  };
}

/** In minutes of work. */
export function targetOf(
  { targets }: Targets,
  { priority, plan, isFirst }: Omit<Waiting, "since">,
): number | undefined {
  return targets?.[isFirst ? "first_answer" : "next_answer"][plan]?.[priority];
}

export function isAnyTime({ targets }: Targets, priority: Priority): boolean {
  return targets?.around_the_clock.includes(priority) ?? false;
}

/** The minutes of work between two moments, as the policy counts them for this priority. */
export function worked(policy: Targets, priority: Priority, since: Date, until: Date): number {
  return workBetween(since, until, hoursFor(policy, priority));
}

function hoursFor({ targets }: Targets, priority: Priority) {
  if (!targets || targets.around_the_clock.includes(priority)) return undefined;
  const { time_zone, holidays, ...week } = targets.hours;
  return { time_zone, holidays, week };
}

import type { Priority, What, Who, Workaround } from "#db/tables.ts";

/** The three facts that decide how high a priority may be. */
export type Facts = { what: What; who: Who; workaround: Workaround };

/** Highest first. */
export const PRIORITIES = ["urgent", "high", "normal", "low"] as const satisfies Priority[];
export const WHAT = [
  "nothing-works",
  "essential-function",
  "function",
  "minor-bug",
  "question",
] as const satisfies What[];
export const WHO = ["all", "many", "some"] as const satisfies Who[];
export const WORKAROUND = ["none", "limited", "yes"] as const satisfies Workaround[];

/** The contract: the first row whose facts all hold says how high the priority may be. */
const CONTRACT: readonly {
  most: Priority;
  what: readonly What[];
  who: readonly Who[];
  workaround: readonly Workaround[];
}[] = [
  { most: "urgent", what: ["nothing-works"], who: ["all"], workaround: ["none"] },
  {
    most: "high",
    what: ["nothing-works", "essential-function"],
    who: ["all", "many"],
    workaround: ["none"],
  },
  {
    most: "normal",
    what: ["nothing-works", "essential-function", "function"],
    who: WHO,
    workaround: WORKAROUND,
  },
  { most: "low", what: WHAT, who: WHO, workaround: WORKAROUND },
];

/** What a priority needs beside the facts: a reason and scope, and a contact who works on it with support. */
const NEEDS: Record<Priority, { why: boolean; contact: "always" | "by-policy" | "never" }> = {
  urgent: { why: true, contact: "always" },
  high: { why: true, contact: "by-policy" },
  normal: { why: false, contact: "never" },
  low: { why: false, contact: "never" },
};

export type Needs = { why: boolean; contact: boolean };

export function needsOf(
  priority: Priority | undefined,
  policy: { contact_for_high: boolean },
): Needs {
  if (!priority) return { why: false, contact: false };
  const { why, contact } = NEEDS[priority];
  return {
    why,
    contact: contact === "always" || (contact === "by-policy" && policy.contact_for_high),
  };
}

export function highestPriority({ what, who, workaround }: Facts): Priority {
  const row = CONTRACT.find(
    (each) =>
      each.what.includes(what) && each.who.includes(who) && each.workaround.includes(workaround),
  );
  return row?.most ?? "low";
}

/** What was asked for: that in force, until the two differ. */
export function askedPriority(ticket: {
  priority: Priority;
  asked_priority: Priority | null;
}): Priority {
  return ticket.asked_priority ?? ticket.priority;
}

/**
 * The priority in force: as high as was asked, as the facts support, and as the contact allows. Urgent without a contact
 * is high; high that the policy wants a contact for is normal without one.
 */
export function priorityNow(
  { asked, facts, hasContact }: { asked: Priority; facts: Facts; hasContact: boolean },
  policy: { contact_for_high: boolean },
): Priority {
  const fits = (priority: Priority) => hasContact || !needsOf(priority, policy).contact;
  return (
    PRIORITIES.find((each) => isSupported(each, facts) && isNoHigher(each, asked) && fits(each)) ??
    "low"
  );
}

function isNoHigher(one: Priority, other: Priority): boolean {
  return PRIORITIES.indexOf(one) >= PRIORITIES.indexOf(other);
}

/** Asking for less than the facts support is fine. */
export function isSupported(asked: Priority, facts: Facts): boolean {
  return isNoHigher(asked, highestPriority(facts));
}

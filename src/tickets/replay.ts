import { type Policy, topicOf } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { Priority } from "#db/tables.ts";
import { hasContact } from "./contact-turns.ts";
import { askedPriority, needsOf, priorityNow } from "./priority.ts";
import { findPastTickets, type PastTicket } from "./store-replay.ts";
import { ticketNumber } from "./ticket.ts";

export type Replayed = {
  number: string;
  account: string;
  was: Priority;
  /** "none": it would not have been filed. */
  would: Priority | "none";
  why:
    | "redirected"
    | "free"
    | "no-contact"
    | "late-contact"
    | "contact-not-needed"
    | "contact-in-time";
};

/** Which tickets of the past would stand otherwise under this policy, and why; `seen`: of how many. */
export async function replayPolicy(
  db: Db,
  policy: Policy,
): Promise<{ changed: Replayed[]; seen: number }> {
  const changed: Replayed[] = [];
  let seen = 0;
  for await (const past of findPastTickets(db)) {
    seen += 1;
    const replayed = replay(policy, past);
    if (replayed) changed.push(replayed);
  }
  return { changed, seen };
}

/** Undefined: it would stand as it does. */
export function replay(policy: Policy, past: PastTicket): Replayed | undefined {
  const { priority: was, account_name: account } = past;
  const told = { number: ticketNumber(past), account, was };
  if (topicOf(policy, past.topic ?? "")?.redirect)
    return { ...told, would: "none", why: "redirected" };
  if (isFree(policy, past)) return { ...told, would: "none", why: "free" };
  const asked = askedPriority(past);
  const hasContact = wasThere(policy, past);
  const would = priorityNow({ asked, facts: past, hasContact }, policy.priority);
  return would === was ? undefined : { ...told, would, why: whyOf(policy, past, would) };
}

/** What the REST API says of an account, no policy changes. */
function isFree(policy: Policy, { account_id, isSetByApi }: PastTicket): boolean {
  const account = policy.accounts.find(({ id }) => id === account_id);
  return !isSetByApi && account !== undefined && (account.plan ?? policy.default_plan) === "free";
}

/**
 * Somebody who was asked answered within the minutes of this policy, or one of them still may, until what was announced
 * comes; before anybody was asked, a name was enough.
 */
function wasThere({ priority }: Policy, past: PastTicket): boolean {
  const { contact_minutes: minutes, fall_notice_minutes: notice } = priority;
  const { asks, askedMinutesAgo, answeredInMinutes } = past;
  if (askedMinutesAgo === null) return hasContact(past);
  if (answeredInMinutes !== null) return answeredInMinutes <= minutes;
  return askedMinutesAgo <= asks * minutes + notice;
}

function whyOf(policy: Policy, past: PastTicket, would: Priority): Replayed["why"] {
  const asked = askedPriority(past);
  const isLower = needsOf(asked, policy.priority).contact && !wasThere(policy, past);
  if (isLower) return hasContact(past) ? "late-contact" : "no-contact";
  return needsOf(would, policy.priority).contact ? "contact-in-time" : "contact-not-needed";
}

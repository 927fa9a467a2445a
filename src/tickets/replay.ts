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
  why: "redirected" | "no-contact" | "late-contact" | "contact-not-needed" | "contact-in-time";
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
  const asked = askedPriority(past);
  const hasContact = wasThere(policy, past);
  const would = priorityNow({ asked, facts: past, hasContact }, policy.priority);
  return would === was ? undefined : { ...told, would, why: whyOf(policy, past, would) };
}

/** Somebody who was asked answered within the minutes of this policy; before anybody was asked, a name was enough. */
function wasThere(policy: Policy, past: PastTicket): boolean {
  const { asked, answeredInMinutes } = past;
  if (!asked) return hasContact(past);
  return answeredInMinutes !== null && answeredInMinutes <= policy.priority.contact_minutes;
}

function whyOf(policy: Policy, past: PastTicket, would: Priority): Replayed["why"] {
  const asked = askedPriority(past);
  const isLower = needsOf(asked, policy.priority).contact && !wasThere(policy, past);
  if (isLower) return hasContact(past) ? "late-contact" : "no-contact";
  return needsOf(would, policy.priority).contact ? "contact-in-time" : "contact-not-needed";
}

import type { z } from "zod";
import { type Policy, topicOf } from "#accounts/ask.ts";
import { RetryLater } from "#errors.ts";
import { SlackRefused } from "#slack/failures.ts";
import type { People } from "#slack/people.ts";
import type { Caller } from "#slack/replies.ts";
import type { Texts } from "#text/texts.ts";
import { highestPriority, isSupported, needsOf } from "./priority.ts";
import type { NamedPerson } from "./store.ts";
import { ContractDraft, type FieldFault, TicketDraft } from "./ticket.ts";

/** A sentence for each field that keeps a draft from being filed. */
export type Faults = Record<string, string>;

export function fieldFaults(t: Texts, error: z.ZodError): Faults {
  const faults: Faults = {};
  for (const { path, message } of error.issues) {
    faults[String(path[0])] ??= t.fields[message as FieldFault]; // the schema has only these messages
  }
  return faults;
}

/** What the policy looks at, also where other fields have faults: all are said at once. */
const Weighed = ContractDraft.extend({ topic: TicketDraft.shape.topic });

/** What the schema (`error`), the priority contract and the vendor's policy miss in it; undefined when nothing. */
export function draftFaults(
  t: Texts,
  policy: Policy,
  { values, error }: { values: Record<string, unknown>; error: z.ZodError | undefined },
): Faults | undefined {
  const weighed = Weighed.safeParse(values).data;
  return orNone({
    ...topicFaults(t, policy, Weighed.shape.topic.safeParse(values.topic).data),
    ...(weighed && contractFaults(t, policy, weighed)),
    ...(error && fieldFaults(t, error)),
  });
}

/** One that is not offered, or that another team handles. */
export function topicFaults(t: Texts, policy: Policy, chosen: string | undefined): Faults {
  const topic = topicOf(policy, chosen ?? "");
  if (policy.topics.length > 0 && !topic) return { topic: t.fields.choose };
  return topic?.redirect ? { topic: t.fields.topicRedirected } : {};
}

/** What the priority contract alone misses. */
export function contractFaults(t: Texts, policy: Policy, draft: ContractDraft): Faults {
  const { priority } = draft;
  const needs = needsOf(priority, policy.priority);
  if (!isSupported(priority, draft))
    return { priority: t.priorityTooHigh(priority, highestPriority(draft)) };
  return {
    ...(needs.why && !draft.why && { why: t.fields.whyBlank }),
    ...(needs.contact && !draft.contact && { contact: t.contactMissing(priority) }),
  };
}

function orNone(faults: Faults): Faults | undefined {
  return Object.keys(faults).length > 0 ? faults : undefined;
}

/** The named contact, as Slack knows them now: a member of the requester's company who can answer. */
export async function contactFor(
  people: People,
  requester: Caller,
  userId: string,
): Promise<NamedPerson | { fault: "contactUnfit" | "contactUnknown" }> {
  const { teamId } = requester;
  try {
    const person = await people.ask({ teamId, userId }, "quick");
    const isColleague = person.teams.includes(requester.homeTeamId) && !person.isGuest;
    const isOneself = userId === requester.userId;
    if (person.isBot || person.isDeactivated || !(isColleague || isOneself))
      return { fault: "contactUnfit" };
    return { teamId, userId, name: person.name };
  } catch (error) {
    if (error instanceof RetryLater) return { fault: "contactUnknown" };
    if (error instanceof SlackRefused) return { fault: "contactUnfit" };
    throw error;
  }
}

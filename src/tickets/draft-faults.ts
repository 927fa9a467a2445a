import type { z } from "zod";
import { type Policy, topicOf } from "#accounts/ask.ts";
import { RetryLater } from "#errors.ts";
import { SlackRefused } from "#slack/failures.ts";
import type { People } from "#slack/people.ts";
import type { Caller } from "#slack/replies.ts";
import type { Texts } from "#text/texts.ts";
import { highestPriority, isSupported, needsOf } from "./priority.ts";
import type { NamedPerson } from "./store.ts";
import { answersIn, type FieldFault, TicketDraft } from "./ticket.ts";

/** A sentence for each field that keeps a draft from being filed. */
export type Faults = Record<string, string>;

export function fieldFaults(t: Texts, error: z.ZodError): Faults {
  const faults: Faults = {};
  for (const { path, message } of error.issues) {
    faults[String(path[0])] ??= t.fields[message as FieldFault]; // the schema has only these messages
  }
  return faults;
}

/** A form as it was filled, and what its schema says of it. `contact`: where it is not the field of that name. */
export type Filled = {
  values: Record<string, unknown>;
  error: z.ZodError | undefined;
  contact?: unknown;
};

/** All that keeps it from being filed, at once: what the vendor's topics, the priority contract and the schema miss. */
export function draftFaults(t: Texts, policy: Policy, filled: Filled): Faults {
  const { data: topic } = TicketDraft.shape.topic.safeParse(filled.values.topic);
  return { ...topicFaults(t, policy, topic), ...contractFaults(t, policy, filled) };
}

/** One that is not offered, or that another team handles. */
export function topicFaults(t: Texts, policy: Policy, chosen: string | undefined): Faults {
  const topic = topicOf(policy, chosen ?? "");
  if (policy.topics.length > 0 && !topic) return { topic: t.fields.choose };
  return topic?.redirect ? { topic: t.fields.topicRedirected } : {};
}

/**
 * The same without a topic. Each field is looked at by itself, so that none hides another's fault: what a priority needs
 * is missing also where the answers do not support it, for they may be corrected.
 */
export function contractFaults(t: Texts, policy: Policy, filled: Filled): Faults {
  const { values, error, contact = values.contact } = filled;
  const { facts, priority } = answersIn(values);
  if (!priority) return error ? fieldFaults(t, error) : {};
  const needs = needsOf(priority, policy.priority);
  const isTooHigh = facts && !isSupported(priority, facts);
  return {
    ...(isTooHigh && { priority: t.priorityTooHigh(priority, highestPriority(facts)) }),
    ...(needs.why && !values.why && { why: t.fields.whyBlank }),
    ...(needs.contact && !contact && { contact: t.contactMissing(priority) }),
    ...(error && fieldFaults(t, error)),
  };
}

/** Of a form in Slack: the draft and its contact, or all that keeps it from being filed. */
export async function readDraft<D>(
  people: People,
  caller: Caller,
  form: { policy: Policy; values: Record<string, unknown>; schema: z.ZodType<D> },
): Promise<{ draft: D; contact: NamedPerson | undefined } | { faults: Faults }> {
  const { policy, values, schema } = form;
  const { texts } = caller;
  const { data: draft, error } = schema.safeParse(values);
  const named = contactIn(values);
  const contact = named ? await contactFor(people, caller, named) : undefined;
  const faults = {
    ...draftFaults(texts, policy, { values, error }),
    ...unfitFault(texts, contact),
  };
  if (draft === undefined || isUnfit(contact) || Object.keys(faults).length > 0) return { faults };
  return { draft, contact };
}

/** The Slack id, where it is one. */
export function contactIn(values: Record<string, unknown>): string | undefined {
  return TicketDraft.shape.contact.safeParse(values.contact).data;
}

type Unfit = { fault: "contactUnfit" | "contactUnknown" };

export function isUnfit(contact: NamedPerson | Unfit | undefined): contact is Unfit {
  return contact !== undefined && "fault" in contact;
}

export function unfitFault(t: Texts, contact: NamedPerson | Unfit | undefined): Faults {
  return isUnfit(contact) ? { contact: t.fields[contact.fault] } : {};
}

/** The named contact, as Slack knows them now: a member of the requester's company who can answer. */
export async function contactFor(
  people: People,
  requester: Caller,
  userId: string,
): Promise<NamedPerson | Unfit> {
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

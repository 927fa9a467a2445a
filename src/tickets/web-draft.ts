import { z } from "zod";
import { type Policy, topicOf } from "#accounts/ask.ts";
import type { Texts } from "#text/texts.ts";
import { contractFaults, fieldFaults, topicFaults } from "./draft-faults.ts";
import { needsOf } from "./priority.ts";
import { answersIn, given, NAME_MAX, TicketDraft, typed } from "./ticket.ts";

const MAIL_MAX = 254;
const email = z
  .string("emailBlank")
  .trim()
  .toLowerCase()
  .min(1, "emailBlank")
  .pipe(z.email("emailWrong").max(MAIL_MAX, "emailWrong"));
const name = typed("nameBlank", NAME_MAX, "nameLong");

/** The draft of a visitor, who is known by an address, as is the contact. */
export const WebDraft = TicketDraft.omit({ contact: true }).extend({
  name,
  email,
  contactName: given(name),
  contactEmail: given(email),
});
export type WebDraft = z.output<typeof WebDraft>;

/** Every field of the form, in its order. */
export const WEB_FIELDS = [
  ...["name", "email", "topic", "subject", "description", "what", "who", "workaround"],
  ...["priority", "why", "contactName", "contactEmail"],
] as (keyof WebDraft)[]; // these are its keys
export type WebFaults = Partial<Record<keyof WebDraft, string>>;

/** What the policy looks at, also where other fields have faults: all are told at once. */
const Weighed = WebDraft.omit({ name: true, email: true, subject: true, description: true });
type Weighed = z.output<typeof Weighed>;

/** By the same schema and the same policy as in Slack: the draft, or a sentence for each field that keeps it from being filed. */
export function readWebDraft(
  t: Texts,
  policy: Policy,
  values: Record<string, string>,
): { draft: WebDraft } | { faults: WebFaults } {
  const topic = topicFaults(t, policy, values.topic);
  if (topicOf(policy, values.topic ?? "")?.redirect) return { faults: topic }; // nothing else would help
  const used = withoutNeedless(policy, values);
  const read = WebDraft.safeParse(used);
  const weighed = Weighed.safeParse(used).data;
  const faults = {
    ...topic,
    ...(weighed && weigh(t, policy, weighed)),
    ...(read.error && fieldFaults(t, read.error)),
  };
  if (!read.success || Object.keys(faults).length > 0) return { faults };
  return { draft: withKnownTopic(policy, read.data) };
}

/** What the chosen priority does not ask for does not count, however it was filled before another one was chosen. */
function withoutNeedless(policy: Policy, values: Record<string, string>): Record<string, string> {
  const { priority } = answersIn(values);
  if (!priority) return values;
  const needs = needsOf(priority, policy.priority);
  return {
    ...values,
    ...(!needs.why && { why: "" }),
    ...(!needs.contact && { contactName: "", contactEmail: "" }),
  };
}

function weigh(t: Texts, policy: Policy, asked: Weighed): WebFaults {
  const contact = asked.contactName && asked.contactEmail;
  return withContact(t, asked, contractFaults(t, policy, { ...asked, contact }));
}

/** The part of it that may be corrected later. */
const WebContract = WebDraft.pick({
  ...{ what: true, who: true, workaround: true, priority: true, why: true },
  ...{ contactName: true, contactEmail: true },
});
export type WebContract = z.output<typeof WebContract>;
export const FACTS_FIELDS = Object.keys(WebContract.shape) as (keyof WebContract)[];

/** The same for the facts alone. `known`: the contact that the ticket has already, where no other is named. */
export function readWebContract(
  t: Texts,
  policy: Policy,
  { values, known }: { values: Record<string, string>; known: string | undefined },
): { draft: WebContract } | { faults: WebFaults } {
  const { data: draft, error } = WebContract.safeParse(values);
  if (error) return { faults: fieldFaults(t, error) };
  const { contactName, contactEmail } = draft;
  const isNamed = contactName !== undefined || contactEmail !== undefined;
  const contact = isNamed ? contactName && contactEmail : known;
  const faults = withContact(t, draft, contractFaults(t, policy, { ...draft, contact }));
  return Object.keys(faults).length > 0 ? { faults } : { draft };
}

function withContact(
  t: Texts,
  asked: Pick<Weighed, "contactName" | "contactEmail">,
  { contact: fault, ...faults }: WebFaults & { contact?: string },
): WebFaults {
  return { ...faults, ...(fault && contactFaults(t, asked, fault)) };
}

/** Where no topic is asked for, none is kept. */
function withKnownTopic(policy: Policy, { topic, ...draft }: WebDraft): WebDraft {
  return topic && policy.topics.length > 0 ? { ...draft, topic } : draft;
}

/** The contact is missing as long as one of the two is. */
function contactFaults(
  t: Texts,
  asked: Pick<Weighed, "contactName" | "contactEmail">,
  fault: string,
): WebFaults {
  if (asked.contactName) return { contactEmail: fault };
  return { contactName: fault, ...(!asked.contactEmail && { contactEmail: t.fields.emailBlank }) };
}

import { z } from "zod";
import { type Policy, topicOf } from "#accounts/ask.ts";
import type { Texts } from "#text/texts.ts";
import { contractFaults, draftFaults, type Faults, topicFaults } from "./draft-faults.ts";
import { needsOf } from "./priority.ts";
import { answersIn, type FieldFault, given, NAME_MAX, TicketDraft, typed } from "./ticket.ts";

const MAIL_MAX = 254;
const mail = (blank: FieldFault) =>
  z
    .string(blank)
    .trim()
    .toLowerCase()
    .min(1, blank)
    .pipe(z.email("emailWrong").max(MAIL_MAX, "emailWrong"));
const email = mail("emailBlank");
const name = typed("nameBlank", NAME_MAX, "nameLong");
const contactName = typed("contactNameBlank", NAME_MAX, "nameLong");

/** The draft of a visitor, who is known by an address, as is the contact. */
export const WebDraft = TicketDraft.omit({ contact: true }).extend({
  name,
  email,
  contactName: given(contactName),
  contactEmail: given(mail("contactEmailBlank")),
});
export type WebDraft = z.output<typeof WebDraft>;

/** Every field of the form, in its order. */
export const WEB_FIELDS = [
  ...["name", "email", "topic", "subject", "description", "what", "who", "workaround"],
  ...["priority", "why", "contactName", "contactEmail"],
] as (keyof WebDraft)[]; // these are its keys
export type WebFaults = Partial<Record<keyof WebDraft, string>>;

/** By the same schema and the same policy as in Slack: the draft, or a sentence for each field that keeps it from being filed. */
export function readWebDraft(
  t: Texts,
  policy: Policy,
  values: Record<string, string>,
): { draft: WebDraft } | { faults: WebFaults } {
  const { topic = "" } = values;
  if (topicOf(policy, topic)?.redirect) return { faults: topicFaults(t, policy, topic) }; // nothing else would help
  const used = withoutNeedless(policy, values);
  const { data: draft, error } = WebDraft.safeParse(used);
  const said = draftFaults(t, policy, { values: used, error, contact: contactOf(used) });
  const faults = atFields(t, used, said);
  if (!draft || Object.keys(faults).length > 0) return { faults };
  return { draft: withKnownTopic(policy, draft) };
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
  const isNamed = Boolean(values.contactName || values.contactEmail);
  const contact = isNamed ? contactOf(values) : (known ?? "");
  const faults = atFields(t, values, contractFaults(t, policy, { values, error, contact }));
  return draft && Object.keys(faults).length === 0 ? { draft } : { faults };
}

/** Where no topic is asked for, none is kept. */
function withKnownTopic(policy: Policy, { topic, ...draft }: WebDraft): WebDraft {
  return topic && policy.topics.length > 0 ? { ...draft, topic } : draft;
}

/** Known by both fields together: "" as long as one of the two is empty. */
function contactOf({ contactName = "", contactEmail = "" }: Record<string, string>): string {
  return contactName && contactEmail;
}

/** A contact that is missing is said at the field that is empty, or at both. */
function atFields(
  t: Texts,
  { contactName, contactEmail }: Record<string, string>,
  { contact: fault, ...faults }: Faults,
): WebFaults {
  if (!fault) return faults;
  const { contactNameBlank, contactEmailBlank } = t.fields;
  if (contactName) return { contactEmail: contactEmailBlank, ...faults };
  if (contactEmail) return { contactName: contactNameBlank, ...faults };
  return { contactName: fault, contactEmail: contactEmailBlank, ...faults };
}

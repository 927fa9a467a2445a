import { z } from "zod";
import type { Policy } from "#accounts/ask.ts";
import type { Texts } from "#text/texts.ts";
import { fieldFaults, policyFaults } from "./draft-faults.ts";
import { needsOf } from "./priority.ts";
import { given, NAME_MAX, TicketDraft, typed } from "./ticket.ts";

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

/** By the same schema and the same policy as in Slack: the draft, or a sentence for each field that keeps it from being filed. */
export function readWebDraft(
  t: Texts,
  policy: Policy,
  values: Record<string, string>,
): { draft: WebDraft } | { faults: WebFaults } {
  const read = WebDraft.safeParse(values);
  if (!read.success) return { faults: fieldFaults(t, read.error) };
  const draft = withKnownTopic(policy, read.data);
  const { contactName, contactEmail } = draft;
  const contact = contactName && contactEmail;
  const missing = policyFaults(t, policy, { ...draft, contact });
  if (!missing) return { draft };
  const { contact: fault, ...faults } = missing;
  return { faults: { ...faults, ...(fault && contactFaults(t, policy, draft, fault)) } };
}

/** Where no topic is asked for, none is kept. */
function withKnownTopic(policy: Policy, { topic, ...draft }: WebDraft): WebDraft {
  return topic && policy.topics.length > 0 ? { ...draft, topic } : draft;
}

function contactFaults(t: Texts, policy: Policy, draft: WebDraft, fault: string): WebFaults {
  if (!needsOf(draft.priority, policy.priority).contact) return {};
  return {
    ...(!draft.contactName && { contactName: fault }),
    ...(!draft.contactEmail && { contactEmail: draft.contactName ? fault : t.fields.emailBlank }),
  };
}

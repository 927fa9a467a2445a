import type { AgentsChannel, PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { Values } from "#slack/payloads.ts";
import type { People } from "#slack/people.ts";
import type { Caller, ChangeCall, Door, PressCall, SubmitCall } from "#slack/replies.ts";
import type { Texts } from "#text/texts.ts";
import {
  contactFor,
  contactIn,
  contractFaults,
  type Faults,
  isUnfit,
  unfitFault,
} from "./draft-faults.ts";
import { correctFacts } from "./facts.ts";
import { FACTS_CHANGED, type FactsForm, factsModal } from "./facts-form.ts";
import { isRequester, requesterOrAgent } from "./requester.ts";
import { findTicket, type Ticket } from "./store.ts";
import { ContractDraft, nextStatus, readRef } from "./ticket.ts";
import { CORRECT_FACTS } from "./views.ts";

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel; policy: PolicyNow };

/** The requester or an agent says what is true now; the priority follows. */
export function registerFacts(door: Door, needs: Needs): void {
  door.press(CORRECT_FACTS, (call) => openFacts(call, needs));
  door.change(FACTS_CHANGED, (call) => changeFacts(call, needs));
  door.submit(CORRECT_FACTS, (call) => submitFacts(call, needs));
}

async function openFacts(call: PressCall, needs: Needs): Promise<void> {
  const ticket = await findTicket(needs.db, readRef(call.value));
  const by = await requesterOrAgent(needs, ticket, call.caller);
  nextStatus("take", ticket); // a ticket that has ended stays as it was
  const policy = needs.policy();
  await call.open((texts) => factsModal(texts, ticket, { policy, by }));
}

async function changeFacts(call: ChangeCall, needs: Needs): Promise<void> {
  const { caller, values, metadata, redraw } = call;
  const ticket = await findTicket(needs.db, readRef(metadata));
  const by = isRequester(ticket, caller) ? "requester" : "agent";
  await redraw(factsModal(caller.texts, ticket, { policy: needs.policy(), by, values }));
}

async function submitFacts(call: SubmitCall, needs: Needs): Promise<void> {
  const { caller, key, values, metadata } = call;
  const ref = readRef(metadata);
  const ticket = await findTicket(needs.db, ref);
  const by = await requesterOrAgent(needs, ticket, caller);
  nextStatus("take", ticket);
  const policy = needs.policy();
  const { texts } = caller;
  const { data: draft, error } = ContractDraft.safeParse(values);
  const known = ticket.contact_user_id ?? ticket.contact_email ?? "";
  const kept = by === "agent" ? known : values.contact;
  const contact = await newContact(needs, ticket, { caller, by, userId: contactIn(values) });
  const faults = {
    ...contractFaults(texts, policy, { values, error, contact: kept }),
    ...unfitFault(texts, contact),
  };
  if (!draft || isUnfit(contact) || Object.keys(faults).length > 0)
    return refuseFacts(call, ticket, { policy, by, values, faults });

  await correctFacts(needs.db, ref, {
    ...{ draft, contact, policy },
    by: { kind: by, userId: caller.userId, name: caller.name },
    delivery: { source: "slack.view", key },
  });
  await call.close();
}

/** A field that is missing stands there when the form comes back. */
async function refuseFacts(
  call: SubmitCall,
  ticket: Ticket,
  form: FactsForm & { values: Values; faults: Faults },
): Promise<void> {
  const { texts } = call.caller;
  const { by, values } = form;
  const faults = by === "agent" ? faultsForAgent(texts, form.faults) : form.faults;
  if (Object.keys(faults).every((field) => field in values)) return call.refuse(faults);
  return call.show(factsModal(texts, ticket, { ...form, faults }));
}

/** Only the requester can name a contact: the priority needs one, whatever else is wrong with it. */
function faultsForAgent(t: Texts, { contact, priority, ...others }: Faults): Faults {
  const ofPriority = [priority, contact && t.fields.contactByRequester].filter(Boolean);
  return ofPriority.length > 0 ? { priority: ofPriority.join("\n"), ...others } : others;
}

/** Undefined: nobody new is named. Whoever could not be reached, and is named again, is asked again. */
async function newContact(
  { people }: Needs,
  ticket: Ticket,
  named: { caller: Caller; by: "requester" | "agent"; userId: string | undefined },
) {
  const { caller, by, userId } = named;
  if (by === "agent" || !userId) return undefined;
  const isSame = userId === ticket.contact_user_id;
  if (isSame && ticket.contact_state !== "absent") return undefined;
  return contactFor(people, caller, userId);
}

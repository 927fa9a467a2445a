import { type AgentsChannel, mustBeAgent } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { People } from "#slack/people.ts";
import type { Door, PressCall, SubmitCall } from "#slack/replies.ts";
import { fieldFaults } from "./draft-faults.ts";
import { mustBeToFollow, openFollowUp } from "./follow-up.ts";
import { FOLLOW_UP, followUpModal, followUpOpenedModal } from "./follow-up-views.ts";
import { findRepeatedNote } from "./note-guard.ts";
import { findTicket, type Ticket } from "./store.ts";
import { agentOf } from "./store-history.ts";
import { readRef, TicketDraft } from "./ticket.ts";

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel };

const Draft = TicketDraft.pick({ subject: true, description: true });

/** An agent goes on with a ticket that has ended, for its requester. */
export function registerFollowUp(door: Door, needs: Needs): void {
  door.submit(FOLLOW_UP, (call) => submit(call, needs));
}

/** For an agent. */
export async function openFollowUpForm(
  call: PressCall,
  { db }: Pick<Needs, "db">,
  ticket: Ticket,
): Promise<void> {
  await mustBeToFollow(db, ticket); // refuses now what would be refused after all the typing
  await call.open((texts) => followUpModal(texts, ticket));
}

async function submit(call: SubmitCall, { db, people, agentsChannel }: Needs): Promise<void> {
  const { caller, key, values, metadata } = call;
  const { texts } = caller;
  const read = Draft.safeParse(values);
  if (!read.success) return call.refuse(fieldFaults(texts, read.error));
  const ref = readRef(metadata);
  const ticket = await findTicket(db, ref);
  await mustBeAgent(people, agentsChannel, caller);
  if (await findRepeatedNote(db, ref, read.data.description))
    return call.refuse({ description: texts.fields.repeatsNote }); // the customer reads it
  const { number } = await openFollowUp(db, ticket, {
    ...read.data,
    by: agentOf(caller),
    delivery: { source: "slack.view", key },
  });
  await call.show(followUpOpenedModal(texts, ticket, number));
}

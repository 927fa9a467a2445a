import { type AgentsChannel, mustBeAgent, type PolicyNow } from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import type { People } from "#slack/people.ts";
import type { Door, PressCall } from "#slack/replies.ts";
import { answerAsContact, type ContactSays, onceToContact } from "./contact-answer.ts";
import { TURNS } from "./contact-turns.ts";
import {
  alreadyHeld,
  CONTACT_HERE,
  CONTACT_UNAVAILABLE,
  contactAnswered,
  HOLD_FALL,
} from "./contact-views.ts";
import { refOf } from "./outbox.ts";
import { findTicket, type Ticket } from "./store.ts";
import { findAsk } from "./store-contact.ts";
import { agentOf, findLast } from "./store-history.ts";
import { readPart, readRef, ticketNumber } from "./ticket.ts";

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel; policy: PolicyNow };

/** What people say of the contact: whoever was asked, in their messages; an agent, of a fall that was announced. */
export function registerContact(door: Door, needs: Needs): void {
  door.press(CONTACT_HERE, (call) => answer(call, needs, "here"));
  door.press(CONTACT_UNAVAILABLE, (call) => answer(call, needs, "unavailable"));
  door.press(HOLD_FALL, (call) => holdFall(call, needs));
}

async function answer(call: PressCall, { db, policy }: Needs, says: ContactSays): Promise<void> {
  const { caller, key, value } = call;
  const ref = readRef(value);
  const ask = await findAsk(db, { ...ref, askId: readPart(value) });
  const isAsked = ask.team_id === caller.teamId && ask.user_id === caller.userId;
  if (!isAsked) throw new Problem("not-the-contact", {});

  const delivery = { source: "slack.press", key } as const;
  await answerAsContact({ db, policy: policy() }, { ask, says, delivery });
  const ticket = await findTicket(db, ref);
  await call.answer(contactAnswered(caller.texts, ticket, { ask, says }), "replace");
}

async function holdFall(call: PressCall, needs: Needs): Promise<void> {
  const { caller, key, value } = call;
  const { db, policy, people, agentsChannel } = needs;
  await mustBeAgent(people, agentsChannel, caller);
  const agent = agentOf(caller);
  const delivery = { source: "slack.press", key } as const;
  await onceToContact({ db, policy: policy() }, readRef(value), delivery, async (tx, ticket) => {
    if (!TURNS[ticket.contact_state].hold) throw await whyNot(tx, ticket);
    return { event: "hold", agent } as const;
  }).catch(async (error: unknown) => {
    // The door has words for this refusal too, but does not know the reader's time zone.
    if (!isHeld(error)) throw error;
    await call.answer(alreadyHeld(caller.texts, error.facts));
  });
}

/** One who was second reads who was first. */
async function whyNot(tx: Tx, ticket: Ticket): Promise<Problem> {
  const number = ticketNumber(ticket);
  const { contact_state: state, contact_due_at: until } = ticket;
  if (state !== "held" || !until) return new Problem("nothing-to-hold", { number });
  const { actor_user_id: by } = (await findLast(tx, refOf(ticket), "fall-held")) ?? {};
  if (!by) throw new Error("a fall that nobody holds");
  return new Problem("already-held", { number, by, until });
}

function isHeld(error: unknown): error is Problem<"already-held"> {
  return error instanceof Problem && error.code === "already-held";
}

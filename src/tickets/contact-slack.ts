import { type AgentsChannel, mustBeAgent, type PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import type { People } from "#slack/people.ts";
import type { Door, PressCall } from "#slack/replies.ts";
import { answerAsContact, type ContactSays, onceToContact } from "./contact-answer.ts";
import { TURNS } from "./contact-turns.ts";
import { CONTACT_HERE, CONTACT_UNAVAILABLE, contactAnswered, HOLD_FALL } from "./contact-views.ts";
import { findTicket } from "./store.ts";
import { findAsk } from "./store-contact.ts";
import { agentOf } from "./store-history.ts";
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
  await onceToContact({ db, policy: policy() }, readRef(value), delivery, (ticket) => {
    if (!TURNS[ticket.contact_state].hold)
      throw new Problem("nothing-to-hold", { number: ticketNumber(ticket) });
    return { event: "hold", agent };
  });
}

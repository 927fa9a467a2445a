import { z } from "zod";
import { type AgentsChannel, mustBeAgent, type PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { onceDelivered, takeDelivery } from "#db/inbox.ts";
import { Problem } from "#errors.ts";
import type { People } from "#slack/people.ts";
import type { Door, PressCall } from "#slack/replies.ts";
import type { Happened } from "./contact.ts";
import { TURNS } from "./contact-turns.ts";
import { CONTACT_HERE, CONTACT_UNAVAILABLE, contactAnswered, HOLD_FALL } from "./contact-views.ts";
import { contactHappened } from "./review.ts";
import { findTicket, lockTicket, type Ticket, type TicketRef } from "./store.ts";
import { type Ask, findAsk } from "./store-contact.ts";
import { readPart, readRef, ticketNumber } from "./ticket.ts";

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel; policy: PolicyNow };
const Done = z.object({});

/** What people say of the contact: whoever was asked, in their messages; an agent, of a fall that was announced. */
export function registerContact(door: Door, needs: Needs): void {
  door.press(CONTACT_HERE, (call) => answerAsContact(call, needs, "here"));
  door.press(CONTACT_UNAVAILABLE, (call) => answerAsContact(call, needs, "unavailable"));
  door.press(HOLD_FALL, (call) => holdFall(call, needs));
}

async function answerAsContact(call: PressCall, needs: Needs, answer: "here" | "unavailable") {
  const { caller, value } = call;
  const ref = readRef(value);
  const ask = await findAsk(needs.db, { ...ref, askId: readPart(value) });
  const isAsked = ask.team_id === caller.teamId && ask.user_id === caller.userId;
  if (!isAsked) throw new Problem("not-the-contact", {});

  await happen(call, needs, ref, (ticket) => {
    if (ticket.contact_state === "off")
      throw new Problem("contact-not-needed", { number: ticketNumber(ticket) });
    return concerns(ticket, ask, answer) ? { event: answer, ask } : undefined;
  });
  const ticket = await findTicket(needs.db, ref);
  await call.answer(contactAnswered(caller.texts, ticket, { ask, answer }), "replace");
}

/** "Not available" of somebody who was only asked earlier does not concern whoever is asked or there now. */
function concerns(ticket: Ticket, ask: Ask, answer: "here" | "unavailable"): boolean {
  if (answer === "here") return true;
  if (ticket.contact_state === "asking") return ask.round === ticket.contact_round && !ask.answer;
  return ask.team_id === ticket.contact_team_id && ask.user_id === ticket.contact_user_id;
}

async function holdFall(call: PressCall, needs: Needs): Promise<void> {
  const { caller, value } = call;
  await mustBeAgent(needs.people, needs.agentsChannel, caller);
  const agent = { kind: "agent", userId: caller.userId, name: caller.name } as const;
  await happen(call, needs, readRef(value), (ticket) => {
    if (!TURNS[ticket.contact_state].hold)
      throw new Problem("nothing-to-hold", { number: ticketNumber(ticket) });
    return { event: "hold", agent };
  });
}

/** Once, with the ticket locked. */
async function happen(
  { key }: PressCall,
  { db, policy }: Needs,
  ref: TicketRef,
  what: (ticket: Ticket) => Happened | undefined,
): Promise<void> {
  await onceDelivered(db, { source: "slack.press", key, answer: Done }, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockTicket(tx, ref);
      await takeDelivery(tx, "slack.press", key);
      const happened = what(ticket);
      if (happened) await contactHappened(tx, policy(), ticket, happened);
      return {};
    }),
  );
}

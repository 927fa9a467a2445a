import type { Policy } from "#accounts/ask.ts";
import type { Tx } from "#db/connect.ts";
import type { ContactState } from "#db/tables.ts";
import { type Lane, mailLane, methodLane } from "#jobs/lanes.ts";
import { enqueue, enqueueAll } from "#jobs/queue.ts";
import {
  type ContactEvent,
  isContact,
  minutesOf,
  NOBODY_LEFT,
  needsAnswer,
  TURNS,
} from "./contact-turns.ts";
import { redrawCards, redrawTold, refOf, tellBoth } from "./outbox.ts";
import { askedPriority, priorityNow } from "./priority.ts";
import type { NamedContact, Ticket } from "./store.ts";
import {
  type Ask,
  contactOf,
  findAskOfWhoIsThere,
  findLastAsk,
  findNextToAsk,
  findOpenAsks,
  insertAsk,
  isFirstOfRound,
  saveAnswer,
  saveDeclined,
  saveSilence,
  saveTurn,
} from "./store-contact.ts";
import { type Actor, DESKLINE, findLast, insertEvent } from "./store-history.ts";

/** What happened; `ask`: the question that was answered, `agent`: who held the fall. */
export type Happened =
  | { event: "here" | "unavailable"; ask: Ask }
  | { event: "hold"; agent: Actor }
  /** `first`: who was named just now, and is asked before all others. */
  | { event: "needed"; first?: NamedContact | undefined }
  | { event: Exclude<ContactEvent, "here" | "unavailable" | "hold" | "needed"> };

/** Why the priority must be looked at again after a turn. */
export type TurnOutcome = "contact-absent" | "contact-back" | undefined;

/** Takes the turn that the table has for it, in the caller's transaction with the ticket locked. */
export async function takeTurn(
  tx: Tx,
  policy: Policy,
  before: Ticket,
  happened: Happened,
): Promise<TurnOutcome> {
  const { event } = happened;
  const ticket = "ask" in happened ? await hear(tx, before, happened) : before;
  const turn = TURNS[ticket.contact_state][event];
  if (!turn) return undefined;
  if (event === "due") await saveSilence(tx, refOf(ticket), ticket.contact_round);
  const first = "first" in happened ? happened.first : undefined;
  if ("ask" in turn) return askSomebody(tx, policy, ticket, { how: turn.ask, first });
  if (turn.to === "present" && "ask" in happened) return welcome(tx, policy, ticket, happened.ask);
  if (turn.to === "falling") return announceFall(tx, policy, ticket);
  const { dueAt } = await begin(tx, policy, ticket, { state: turn.to });
  if (turn.to === "absent") return "contact-absent";
  if (dueAt && "agent" in happened)
    await tellHold(tx, ticket, { by: happened.agent, until: dueAt });
  return undefined;
}

/** What they say stands on the cards, also where it leads nowhere. */
async function hear(
  tx: Tx,
  ticket: Ticket,
  { ask, event }: Extract<Happened, { ask: Ask }>,
): Promise<Ticket> {
  await saveAnswer(tx, ask, event);
  if (event === "here" || !isContact(ticket, ask)) return ticket;
  await saveDeclined(tx, refOf(ticket));
  await redrawCards(tx, ticket);
  return { ...ticket, contact_declined: true };
}

async function askSomebody(
  tx: Tx,
  policy: Policy,
  ticket: Ticket,
  { how, first }: { how: "anew" | "next"; first: NamedContact | undefined },
): Promise<TurnOutcome> {
  const round = ticket.contact_round + (how === "anew" ? 1 : 0);
  const missed = how === "next" ? await findLastAsk(tx, refOf(ticket), round) : undefined;
  const contact = first ?? (await findNextToAsk(tx, ticket, round));
  if (!contact) return announceFall(tx, policy, ticket);
  const askId = await insertAsk(tx, refOf(ticket), { contact, round });
  const { turn } = await begin(tx, policy, ticket, { state: "asking", round, contact, askId });
  await enqueue(
    tx,
    "ticket.ask-contact",
    { ...refOf(ticket), askId, turn },
    { key: `ticket.ask-contact:${askId}`, lane: laneOf(askId, contact) },
  );
  const historyId = await insertEvent(tx, ticket, {
    event: "contact-asked",
    by: DESKLINE,
    detail: {
      name: contact.name,
      ...(missed && { missed: missed.name, isSilent: missed.answer !== "unavailable" }),
    },
  });
  if (missed) await tellBoth(tx, ticket, historyId);
  return undefined;
}

/** Each way to somebody begins in another lane. */
function laneOf(askId: string, contact: NamedContact): Lane {
  return "email" in contact ? mailLane(askId) : methodLane(contact.teamId, "users.info");
}

async function welcome(tx: Tx, policy: Policy, ticket: Ticket, ask: Ask): Promise<TurnOutcome> {
  const contact = contactOf(ask);
  await begin(tx, policy, ticket, { state: "present", contact, askId: ask.id });
  const historyId = await insertEvent(tx, ticket, {
    event: "contact-here",
    by: { kind: "contact", userId: ask.user_id, name: ask.name },
    detail: {},
  });
  // That the one who was there stays there is nothing to be read.
  const isBeat =
    ticket.contact_state === "asking" && ask.round > 1 && (await isFirstOfRound(tx, ask));
  if (!isBeat) await tellBoth(tx, ticket, historyId);
  return ticket.contact_state === "absent" ? "contact-back" : undefined;
}

/** Where the priority would not fall, there is nothing to announce. */
async function announceFall(tx: Tx, policy: Policy, ticket: Ticket): Promise<TurnOutcome> {
  const to = withoutContact(policy, ticket);
  if (to === ticket.priority) {
    await begin(tx, policy, ticket, { state: "absent" });
    return undefined;
  }
  const { dueAt } = await begin(tx, policy, ticket, { state: NOBODY_LEFT });
  const { contact_declined: isDeclined, contact_name: name } = ticket;
  const detail = { to, until: dueAt?.toISOString(), ...(isDeclined && { declined: name }) };
  const historyId = await insertEvent(tx, ticket, {
    event: "fall-announced",
    by: DESKLINE,
    detail,
  });
  await tellBoth(tx, ticket, historyId);
  return undefined;
}

async function tellHold(
  tx: Tx,
  ticket: Ticket,
  { by, until }: { by: Actor; until: Date },
): Promise<void> {
  const detail = { until: until.toISOString() };
  const historyId = await insertEvent(tx, ticket, { event: "fall-held", by, detail });
  await tellBoth(tx, ticket, historyId);
}

function withoutContact(policy: Policy, ticket: Ticket) {
  const asked = askedPriority(ticket);
  return priorityNow({ asked, facts: ticket, hasContact: false }, policy.priority);
}

/** `askId`: the question that it begins with, or the answer. */
type Next = { state: ContactState; round?: number; contact?: NamedContact; askId?: string };

/** Every turn with an end has the job that ends it. */
async function begin(
  tx: Tx,
  policy: Policy,
  ticket: Ticket,
  next: Next,
): Promise<{ turn: number; dueAt: Date | null }> {
  const ref = refOf(ticket);
  const minutes = minutesOf(next.state, policy.priority);
  const begun = await saveTurn(tx, ref, { ...next, minutes });
  const { turn, dueAt } = begun;
  if (dueAt) {
    const key = `ticket.contact-due:${ticket.id}:${turn}`;
    await enqueue(tx, "ticket.contact-due", { ...ref, turn }, { key, runAt: dueAt });
  }
  await redrawAsks(tx, ticket, { ...next, turn });
  if (ticket.contact_state === NOBODY_LEFT) await endAnnouncement(tx, ticket);
  await redrawCards(tx, ticket);
  return begun;
}

/**
 * Where an answer is no longer needed, the other questions say so; they ask again when whoever was there goes. Where no
 * contact is needed at all, so does what whoever was there has answered.
 */
async function redrawAsks(
  tx: Tx,
  ticket: Ticket,
  { state, round, askId, turn }: Next & { turn: number },
): Promise<void> {
  const isNeeded = needsAnswer(state);
  const { contact_round: current } = ticket;
  const isSame = isNeeded === needsAnswer(ticket.contact_state);
  const isAnew = isNeeded && round !== undefined && round !== current; // all are asked anew
  const open =
    isSame || isAnew
      ? []
      : await findOpenAsks(tx, refOf(ticket), {
          but: askId,
          round: isNeeded ? current : undefined,
        });
  const thanked = state === "off" ? await findAskOfWhoIsThere(tx, refOf(ticket)) : undefined;
  const asks = thanked ? [...open, thanked] : open;
  await enqueueAll(
    tx,
    asks.map(({ id, teamId }) => ({
      name: "ticket.edit-ask",
      payload: { ...refOf(ticket), askId: id, turn },
      key: `ticket.edit-ask:${id}:${turn}`,
      lane: methodLane(teamId, "users.info"),
    })),
  );
}

/** What was announced has come, or does not: there is nothing to hold any more. */
async function endAnnouncement(tx: Tx, ticket: Ticket): Promise<void> {
  const announced = await findLast(tx, refOf(ticket), "fall-announced");
  if (announced) await redrawTold(tx, ticket, announced.id, "agents");
}

import type { Button } from "@slack/types";
import type { ProblemFacts } from "#errors.ts";
import { actions, button, type Message, section } from "#slack/blocks.ts";
import { date, inert, link, oneLine } from "#slack/mrkdwn.ts";
import { quotation } from "#slack/quotation.ts";
import type { Texts } from "#text/texts.ts";
import type { ContactSays } from "./contact-answer.ts";
import { isContact, needsAnswer } from "./contact-turns.ts";
import type { Ticket } from "./store.ts";
import { type Ask, type AskedAs, isUnanswered } from "./store-contact.ts";
import { ticketNumber } from "./ticket.ts";
import { SUBJECT_SHOWN, sharedThread, ticketValue } from "./views.ts";

export const CONTACT_HERE = "contact.here";
export const CONTACT_UNAVAILABLE = "contact.unavailable";
export const HOLD_FALL = "contact.hold";

/** Asks somebody, in their own messages, whether they are there for the ticket. */
export function contactQuestion(
  t: Texts,
  ticket: Ticket,
  { ask, as }: { ask: Ask; as: AskedAs },
): Message {
  const line = askingLine(t, ticket, { ask, as });
  const until = untilWhen(t, ticket, ask) ?? "";
  return {
    text: `${line} ${until}`.trim(),
    blocks: [
      section([line, until].filter((part) => part !== "").join("\n")),
      ...quotation(ticket.why ?? ticket.description),
      ...toThread(t, ticket, ask),
      ...actions("contact", [
        hereButton(t, ticket, ask),
        button(CONTACT_UNAVAILABLE, t.contact.unavailable, askValue(ticket, ask)),
      ]),
    ],
  };
}

/** What the question turns into while nobody needs its answer; undefined as long as somebody does. */
export function notNeeded(t: Texts, ticket: Ticket): Message | undefined {
  if (needsAnswer(ticket.contact_state)) return undefined;
  const line = notNeededLine(t, ticket);
  return { text: line, blocks: [section(line)] };
}

/** What the post of a question is known by outside. */
export function askKey({ id }: Pick<Ask, "id">): string {
  return `contact:${id}`;
}

/** What the question turns into once it is answered. */
export function contactAnswered(
  t: Texts,
  ticket: Ticket,
  { ask, says }: { ask: Ask; says: ContactSays },
): Message {
  const line = answerLine(t, ticket, { ask, says });
  return {
    text: line,
    blocks: [
      section(line),
      ...toThread(t, ticket, ask),
      ...actions("contact", [
        says === "here"
          ? button(CONTACT_UNAVAILABLE, t.contact.noLonger, askValue(ticket, ask))
          : hereButton(t, ticket, ask),
      ]),
    ],
  };
}

/** To an agent who presses where another holds the review. */
export function alreadyHeld(
  t: Texts,
  { number, by, until }: ProblemFacts["already-held"],
): Message {
  const line = t.contract.alreadyHeld(number, by, date(until, t.moment(until, "UTC")));
  return { text: line, blocks: [section(line)] };
}

/** Who asks them for what. The requester is not told of themselves as of another. */
function askingLine(t: Texts, ticket: Ticket, { ask, as }: { ask: Ask; as: AskedAs }): string {
  const priority = t.priorities[ticket.priority];
  if (isOwn(ticket, ask)) return t.contact.own[as](about(ticket), priority);
  return t.contact[as](about(ticket), priority, inert(ticket.requester_name));
}

function isOwn(ticket: Ticket, { email, team_id, user_id }: Ask): boolean {
  if (email) return email === ticket.requester_email;
  return team_id === ticket.requester_team_id && user_id === ticket.requester_user_id;
}

/** Undefined for a question that was passed on to others meanwhile. */
function untilWhen(t: Texts, ticket: Ticket, ask: Ask): string | undefined {
  const { contact_due_at: dueAt } = ticket;
  if (!dueAt || !isTheirTurn(ticket, ask)) return undefined;
  return t.contact.answerBy(date(dueAt, t.moment(dueAt, "UTC")));
}

function isTheirTurn(ticket: Ticket, ask: Ask): boolean {
  return ask.answer === null && ask.round === ticket.contact_round;
}

function notNeededLine(t: Texts, ticket: Ticket): string {
  return t.problems["contact-not-needed"]({ number: ticketNumber(ticket) });
}

function answerLine(
  t: Texts,
  ticket: Ticket,
  { ask, says }: { ask: Ask; says: ContactSays },
): string {
  if (says === "unavailable") return understood(t, ticket);
  if (isContact(ticket, ask)) return t.contact.thanks(about(ticket));
  return t.contact.already(about(ticket), inert(ticket.contact_name ?? ""));
}

/** What comes of it that they are not available. */
function understood(t: Texts, ticket: Ticket): string {
  const { contact_state: state, contact_due_at: dueAt, contact_name: name } = ticket;
  const { next, other, alone, nobody } = t.contact.understood;
  if (state === "asking") return next(about(ticket));
  if (state === "present") return other(about(ticket), inert(name ?? ""));
  if (state !== "falling" || !dueAt) return nobody(about(ticket));
  return alone(about(ticket), date(dueAt, t.moment(dueAt, "UTC")));
}

/** The same on a page: what it says, with Slack's marks all the same, and what may be answered. */
export function contactOnPage(
  t: Texts,
  ticket: Ticket,
  asked: { ask: Ask; as: AskedAs },
): { lines: string[]; answers: ContactSays[] } {
  const { ask } = asked;
  const isOver = isUnanswered(ask) && !needsAnswer(ticket.contact_state);
  if (ticket.contact_state === "off" || isOver)
    return { lines: [notNeededLine(t, ticket)], answers: [] };
  if (ask.answer === "unavailable") return { lines: [understood(t, ticket)], answers: ["here"] };
  if (ask.answer === "here") {
    const isOne = isContact(ticket, ask);
    const other = t.contact.already(about(ticket), inert(ticket.contact_name ?? ""));
    return { lines: [isOne ? t.web.contact.thanks : other], answers: isOne ? ["unavailable"] : [] };
  }
  const until = untilWhen(t, ticket, ask);
  const lines = [askingLine(t, ticket, asked), ...(until ? [until] : [])];
  return { lines, answers: isTheirTurn(ticket, ask) ? ["here", "unavailable"] : ["here"] };
}

function hereButton(t: Texts, ticket: Ticket, ask: Ask): Button {
  return button(CONTACT_HERE, t.contact.here, askValue(ticket, ask), "primary");
}

export function askValue(ticket: Pick<Ticket, "account_id" | "id">, { id }: Pick<Ask, "id">) {
  return `${ticketValue(ticket)}/${id}`;
}

/** "DL-1042 Signing in fails" */
function about(ticket: Ticket): string {
  return `${ticketNumber(ticket)} ${inert(oneLine(ticket.subject, SUBJECT_SHOWN))}`;
}

function toThread(t: Texts, ticket: Ticket, ask: Ask) {
  const url = isOwn(ticket, ask) ? ticket.card_url : sharedThread(ticket);
  return url ? [section(link(url, t.contact.openThread))] : [];
}

import type { Button } from "@slack/types";
import { actions, button, type Message, section } from "#slack/blocks.ts";
import { date, inert, link, oneLine } from "#slack/mrkdwn.ts";
import { quotation } from "#slack/quotation.ts";
import type { Texts } from "#text/texts.ts";
import { askedPriority } from "./priority.ts";
import type { Ticket } from "./store.ts";
import type { Ask } from "./store-contact.ts";
import { ticketNumber } from "./ticket.ts";
import { SUBJECT_SHOWN, ticketValue } from "./views.ts";

export const CONTACT_HERE = "contact.here";
export const CONTACT_UNAVAILABLE = "contact.unavailable";
export const HOLD_FALL = "contact.hold";

/** Asks somebody, in their own messages, whether they are there for the ticket. */
export function contactQuestion(
  t: Texts,
  ticket: Ticket,
  { ask, isFirst }: { ask: Ask; isFirst: boolean },
): Message {
  const line = t.contact[questionOf(ask, isFirst)](
    about(ticket),
    t.priorities[askedPriority(ticket)],
    inert(ticket.requester_name),
  );
  const until = ticket.contact_due_at
    ? t.contact.answerBy(date(ticket.contact_due_at, t.moment(ticket.contact_due_at, "UTC")))
    : "";
  return {
    text: `${line} ${until}`.trim(),
    blocks: [
      section([line, until].filter((part) => part !== "").join("\n")),
      ...quotation(ticket.why ?? ticket.description),
      ...toThread(t, ticket),
      ...actions("contact", [
        hereButton(t, ticket, ask),
        button(CONTACT_UNAVAILABLE, t.contact.unavailable, askValue(ticket, ask)),
      ]),
    ],
  };
}

/** What the question turns into once it is answered. */
export function contactAnswered(
  t: Texts,
  ticket: Ticket,
  { ask, answer }: { ask: Ask; answer: "here" | "unavailable" },
): Message {
  const line = answerLine(t, ticket, { ask, answer });
  return {
    text: line,
    blocks: [
      section(line),
      ...toThread(t, ticket),
      ...actions("contact", [
        answer === "here"
          ? button(CONTACT_UNAVAILABLE, t.contact.noLonger, askValue(ticket, ask))
          : hereButton(t, ticket, ask),
      ]),
    ],
  };
}

function answerLine(
  t: Texts,
  ticket: Ticket,
  { ask, answer }: { ask: Ask; answer: "here" | "unavailable" },
): string {
  if (answer === "unavailable") return t.contact.understood(about(ticket));
  if (isContact(ticket, ask)) return t.contact.thanks(about(ticket));
  return t.contact.already(about(ticket), inert(ticket.contact_name ?? ""));
}

function hereButton(t: Texts, ticket: Ticket, ask: Ask): Button {
  return button(CONTACT_HERE, t.contact.here, askValue(ticket, ask), "primary");
}

export function askValue(ticket: Pick<Ticket, "account_id" | "id">, { id }: Pick<Ask, "id">) {
  return `${ticketValue(ticket)}/${id}`;
}

/** Named by the requester, there before, or standing in for another. */
function questionOf(ask: Ask, isFirst: boolean): "named" | "again" | "instead" {
  if (!isFirst) return "instead";
  return ask.round === 1 ? "named" : "again";
}

function isContact(ticket: Ticket, ask: Ask): boolean {
  return ask.team_id === ticket.contact_team_id && ask.user_id === ticket.contact_user_id;
}

function about(ticket: Ticket): string {
  return `${ticketNumber(ticket)} ${inert(oneLine(ticket.subject, SUBJECT_SHOWN))}`;
}

function toThread(t: Texts, { card_url: url }: Ticket) {
  return url ? [section(link(url, t.contact.openThread))] : [];
}

import type { Policy } from "#accounts/ask.ts";
import type { Language } from "#db/tables.ts";
import type { ProblemFacts } from "#errors.ts";
import type { Mail } from "#mail/mailer.ts";
import { asPlain, oneLine } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { contractLine } from "./contract-said.ts";
import { mergeLine } from "./merge-said.ts";
import { askedPriority } from "./priority.ts";
import type { Ticket } from "./store.ts";
import type { StepMade } from "./store-history.ts";
import { ticketNumber } from "./ticket.ts";

type Content = Omit<Mail, "to">;
export type MailedStep = keyof Texts["mail"]["step"]["line"];

/** A mail cannot look where it is read, and nobody without Slack has said it: the zone that fits the language. */
export function mailZone(language: Language, { targets }: Pick<Policy, "targets">): string {
  if (language === "ja") return "Asia/Tokyo";
  return targets?.hours.time_zone ?? "UTC";
}

/** The one mail to an address that nobody has verified: not a word of it was typed by whoever caused it. */
export function linkMail(t: Texts, to: string, url: string): Mail {
  return { to, subject: t.mail.verify.subject, text: t.mail.verify.text(url) };
}

export function filedMail(t: Texts, ticket: Ticket, url: string): Content {
  const number = ticketNumber(ticket);
  const { follows_number, opened_by_name } = ticket;
  if (follows_number === null || opened_by_name === null)
    return { subject: t.mail.filed.subject(number), text: t.mail.filed.text(number, url) };
  const before = ticketNumber({ number: follows_number });
  const words = `${ticket.subject}\n\n${ticket.description}`; // the agent's, to whom they had verified
  return {
    subject: t.mail.followUp.subject(number, before),
    text: t.mail.followUp.text(oneLine(opened_by_name), { number, before, words, url }),
  };
}

/** `url`: of the page on which they go on. */
type Way = { url: string; timeZone: string };

export function stepMail(t: Texts, ticket: Ticket, made: StepMade, way: Way): Content {
  const { step } = t.mail;
  const { url, timeZone } = way;
  const { history, comment } = made;
  const number = ticketNumber(ticket);
  const news = contractLine(t, history, timeZone) ?? mergeLine(t, history, "web");
  if (news !== undefined)
    return { subject: t.mail.failure(number), text: step.text(asPlain(news), "", url) };
  if (history.event === "file-refused") {
    const { name, why, reference } = history.detail as ProblemFacts["file-refused"]; // as `insertFileRefused` wrote it
    const line = t.web.page.fileRefused(oneLine(name), t.fileFaults[why], reference);
    return { subject: t.mail.failure(number), text: step.text(line, "", url) };
  }
  const event = history.event as MailedStep; // only these are mailed
  const line = step.line[event](oneLine(history.actor_name));
  return {
    subject: step.subject[event](number),
    text: step.text(line, comment?.body ?? "", url),
  };
}

/** Asks somebody who was named on the form: not a word of it was typed by whoever named them. */
export function contactMail(t: Texts, ticket: Ticket, { url, timeZone }: Way): Content {
  const { contact_due_at: dueAt } = ticket;
  const number = ticketNumber(ticket);
  const priority = t.priorities[askedPriority(ticket)];
  const until = dueAt ? t.moment(dueAt, timeZone) : "";
  return {
    subject: t.mail.contact.subject(number),
    text: t.mail.contact.text(number, priority, until, url),
  };
}

export function failureMail(
  t: Texts,
  ticket: Ticket,
  failure: { what: "desk-refused" | "gave-up"; reference: string },
  url: string,
): Content {
  const number = ticketNumber(ticket);
  const { what, reference } = failure;
  const line =
    what === "desk-refused" ? t.thread.deskRefused(number, reference) : t.thread.gaveUp(reference);
  return { subject: t.mail.failure(number), text: t.mail.step.text(line, "", url) };
}

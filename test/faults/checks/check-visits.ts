import { createHash } from "node:crypto";
import type { Op } from "../world/history.ts";
import { MAIL_DOMAIN, type World } from "../world/world.ts";
import { FAILURES } from "./check-outside.ts";
import type { HistoryRow, Records, TicketRow } from "./records.ts";
import type { Finding } from "./violations.ts";

/** A mail that is to come, by the key that its Message-ID is made from. */
type Due = { key: string; to: string };

/** What visitors of the web form were told, and what came to them: nothing is filed that was not confirmed, and no mail is lost or doubled. */
export function checkVisits(world: World, records: Records, finding: Finding): void {
  const { ops } = world.history;
  for (const op of ops.filter(({ deed }) => deed === "ask-by-web")) {
    checkAsked(op, records, finding);
  }
  for (const ticket of records.tickets.filter(({ email }) => email !== null)) {
    const presses = ops.filter((op) => op.deed === "confirm" && op.ticket === ticket.subject);
    finding.claim(presses.length > 0, "a ticket was filed that nobody confirmed", ticket);
  }
  for (const op of ops.filter(isOwnEnd)) checkEnd(op, records, finding);
  checkMails(world, records, finding);
}

function checkAsked(op: Op, { requests }: Records, { claim, claimCount }: Finding): void {
  const kept = requests.filter(({ subject }) => subject === op.token);
  if (op.outcome === "ok") claimCount(kept, 1, "requests of an acknowledged form", op);
  else claim(kept.length <= 1, "a form that was repeated is kept twice", op, ...kept);
}

/** On the page of their ticket. */
function isOwnEnd({ deed, by, outcome }: Op): boolean {
  return deed === "solve" && by.includes("@") && outcome === "ok";
}

function checkEnd(op: Op, { tickets, history }: Records, { claimCount }: Finding): void {
  const ticket = tickets.find(({ subject }) => subject === op.ticket);
  const ends = history.filter(
    ({ ticketId, event, actorKind }) =>
      ticketId === ticket?.id && event === "solve" && actorKind === "requester",
  );
  claimCount(ends, 1, "ends of a ticket by its visitor", op);
}

/** Each came once; or nobody knows, and the agents are told. The link alone may come twice. */
function checkMails({ mail }: World, records: Records, { claim, claimCount }: Finding): void {
  const { requests, tickets, history, doubts } = records;
  const links = requests.map(({ id, email }) => ({ key: `link:${id}`, to: email }));
  const about = tickets.flatMap((ticket) => mailsAbout(ticket, history));
  const byId = Map.groupBy(mail.entries, ({ messageId }) => messageId);
  const cameOf = ({ key }: Due) => byId.get(messageIdOf(key)) ?? [];
  for (const link of links) claim(cameOf(link).length > 0, "a link never came", link);
  for (const due of about) {
    const came = cameOf(due);
    const isInDoubt = doubts.has(`mail:${due.key}`);
    claim(came.length <= 1, "a mail came twice", due, ...came);
    claim(came.length > 0 || isInDoubt, "a mail is lost, and nobody was told", due);
  }
  const told = history.filter(({ event }) => event === "mail-uncertain");
  claimCount(told, about.filter(({ key }) => doubts.has(`mail:${key}`)).length, "told doubts");
  const all = new Map([...links, ...about].map(({ key, to }) => [messageIdOf(key), to]));
  const strays = mail.entries.filter(({ messageId, to }) => all.get(messageId) !== to);
  claim(strays.length === 0, "a mail came that nothing has caused", ...strays);
}

function mailsAbout({ id, email: to }: TicketRow, history: HistoryRow[]): Due[] {
  if (to === null) return [];
  const steps = history.filter((row) => row.ticketId === id && isMailed(row));
  return [{ key: `filed:${id}`, to }, ...steps.map((row) => ({ key: `step:${row.id}`, to }))];
}

/** What visitors did themselves they see on their page. */
function isMailed({ event, actorKind }: HistoryRow): boolean {
  return actorKind !== "requester" && event !== "take" && !FAILURES.includes(event);
}

function messageIdOf(key: string): string {
  return `<${createHash("sha256").update(key).digest("hex").slice(0, 32)}@${MAIL_DOMAIN}>`;
}

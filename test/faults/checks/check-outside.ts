import { isCard, isDigest, isTriageCard, says } from "../people/effects.ts";
import type { HeldTicket } from "../witnesses/desk-witness.ts";
import type { Post } from "../witnesses/slack-witness.ts";
import { AGENTS, type World } from "../world/world.ts";
import type { HistoryRow, Records, TicketRow } from "./records.ts";
import type { Finding } from "./violations.ts";

type Check = Pick<Finding, "claim" | "claimCount">;

/** What the database has stands outside once: at the desk, as cards, in the threads. Nothing else does. */
export function checkOutside(
  { slack }: World,
  { records, held }: { records: Records; held: HeldTicket[] },
  finding: Check,
): void {
  const threads = slack.posts.filter(({ threadTs }) => threadTs);
  for (const ticket of records.tickets) {
    const history = records.history.filter(({ ticketId }) => ticketId === ticket.id);
    const isTalkedOf = history.some(({ body }) => body !== null);
    checkCards(ticket, { posts: slack.posts, isTalkedOf }, finding);
    const atDesk = held.filter((one) => one.ticket.ticketId === ticket.id);
    finding.claimCount(atDesk, 1, "tickets at the desk", ticket);
    if (atDesk[0]) checkChanges(history, atDesk[0], finding);
    const roots = slack.posts.filter((post) => !post.threadTs && says(post, ticket.subject));
    const own = threads.filter(({ threadTs }) => roots.some(({ ts }) => ts === threadTs));
    checkThreads(ticket, history, own, finding);
  }
  checkMarks(slack.posts, finding);
  checkStrangers(slack.posts, { records, held }, finding);
}

/** A flood of tickets is listed in digests; one of those has a card of its own when somebody has more to say about it. */
function checkCards(
  ticket: TicketRow,
  { posts, isTalkedOf }: { posts: readonly Post[]; isTalkedOf: boolean },
  { claim, claimCount }: Check,
): void {
  const about = posts.filter((post) => says(post, ticket.subject));
  claimCount(about.filter(isCard), ticket.email ? 0 : 1, "cards of a ticket", ticket);
  const own = about.filter(isTriageCard);
  const listed = about.filter(isDigest);
  const isOnce = own.length + listed.length === 1;
  const isBoth = own.length === 1 && listed.length === 1 && isTalkedOf;
  const what = `a ticket has ${own.length} triage cards and is listed ${listed.length} times`;
  claim(isOnce || isBoth, what, ticket, ...own, ...listed);
}

/** Each step of ours, in order; the desk's own are not told to it. */
function checkChanges(history: HistoryRow[], { ticket, changes }: HeldTicket, { claim }: Check) {
  const wanted = history.filter((row) => !isFromDesk(row)).flatMap(changesOf);
  const told = changes.map(({ changeId }) => changeId);
  const isSame = wanted.length === told.length && wanted.every((id, index) => told[index] === id);
  claim(isSame, "the desk does not hold each change once and in order", ticket, { wanted, told });
}

function changesOf({ id, event, body, from, to }: HistoryRow): string[] {
  if (event === TAKEN_BACK) return [`dl_${id}_deleted`];
  return [
    ...(body === null ? [] : [`dl_${id}_comment`]),
    ...(from === to ? [] : [`dl_${id}_status`]),
  ];
}

function isFromDesk({ actorKind, actorUserId }: HistoryRow): boolean {
  return actorKind === "agent" && actorUserId === null;
}

/** What a visitor of the web form is told comes by mail. */
function checkThreads(
  { email }: TicketRow,
  history: HistoryRow[],
  threads: Post[],
  finding: Check,
): void {
  const customer = threads.filter(({ channel }) => channel !== AGENTS);
  const agents = threads.filter(({ channel }) => channel === AGENTS);
  const told = email ? [] : history.filter(isForCustomer);
  for (const row of told) {
    finding.claimCount(messagesOf(row, customer), 1, "messages in the customer's thread", row);
  }
  const noted = history.filter(({ body, event }) => body !== null || FAILURES.includes(event));
  for (const row of noted) {
    finding.claimCount(messagesOf(row, agents), 1, "messages in the agents' thread", row);
  }
  checkOrder(told, customer, finding);
  checkOrder(noted, agents, finding);
}

/** A message that its author deleted, which their thread tells itself. */
const TAKEN_BACK = "comment-deleted";

/** What only the agents are told. */
export const FAILURES = ["mail-uncertain", "unreachable", "unsent", "file-unsent"];

function isForCustomer({ event, inThread, isAboutSent, from, to }: HistoryRow): boolean {
  const reopens = event === "inform" && from === "solved" && to === "open";
  const isOurs = isAboutSent || FAILURES.includes(event);
  const isSilent = isOurs || ["take", "contact-asked", TAKEN_BACK].includes(event); // nobody stands in for another here
  return !isSilent && (!inThread || reopens);
}

/** By the words that were typed; where nobody typed any, or took them back, by our own mark, or in what a thread is told at once after an outage. */
function messagesOf({ id, body, inThread }: HistoryRow, posts: Post[]): Post[] {
  const isQuoted = body !== null && body !== "" && !(inThread && posts[0]?.channel !== AGENTS);
  if (isQuoted) return posts.filter((post) => says(post, body));
  const own = posts.filter(({ key }) => key?.endsWith(id));
  return own.length > 0 ? own : posts.filter(({ key }) => key?.startsWith("catch-up:")).slice(0, 1);
}

function checkOrder(rows: HistoryRow[], posts: Post[], { claim }: Check): void {
  const found = rows.flatMap((row) => messagesOf(row, posts).slice(0, 1));
  const isInOrder = found.every(
    (post, index) => index === 0 || (found[index - 1]?.ts ?? "") <= post.ts,
  );
  claim(
    isInOrder,
    "messages of a thread are not in order",
    ...found.map(({ ts, words }) => ({ ts, words })),
  );
}

/** No mark stands twice. */
export function checkMarks(posts: readonly Post[], { claim }: Check): void {
  const byMark = Map.groupBy(posts, ({ key }) => key);
  const doubled = [...byMark].flatMap(([key, list]) => (key && list.length > 1 ? list : []));
  claim(doubled.length === 0, "a message was posted twice", ...doubled.map(brief));
}

/** Outside stands nothing that the database does not know. */
function checkStrangers(
  posts: readonly Post[],
  { records, held }: { records: Records; held: HeldTicket[] },
  { claim }: Check,
): void {
  const ids = new Set(records.tickets.map(({ id }) => id));
  const strangers = held.filter(({ ticket }) => !ids.has(ticket.ticketId));
  claim(strangers.length === 0, "the desk holds a ticket that we do not know", ...strangers);
  const asked = posts.flatMap(({ key }) => key?.match(/^contact:(.*)$/)?.[1] ?? []);
  claim(
    asked.toSorted().join() === records.contactAsks.toSorted().join(),
    `contacts were asked ${asked.length} times instead of ${records.contactAsks.length}`,
  );
  const ended = posts.filter(({ key }) => key?.startsWith("access.tell-end"));
  claim(
    ended.length === records.grantsRunOut,
    `admins were told of ${ended.length} ends of access instead of ${records.grantsRunOut}`,
  );
}

function brief({ channel, ts, key, at, isDropped }: Post) {
  return { channel, ts, key, at, isDropped };
}

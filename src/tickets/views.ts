import type { Button, KnownBlock, Overflow } from "@slack/types";
import { UNVERIFIED_ACCOUNT } from "#accounts/ask.ts";
import {
  actions,
  button,
  context,
  fitsOneMessage,
  header,
  type Message,
  overflow,
  section,
} from "#slack/blocks.ts";
import { date, escapeMrkdwn, inert, link, mention, oneLine } from "#slack/mrkdwn.ts";
import { quotation } from "#slack/quotation.ts";
import type { Texts } from "#text/texts.ts";
import { attachmentList } from "./attachment-views.ts";
import type { Expectation } from "./expectation.ts";
import { type Related, relatedList } from "./related-views.ts";
import type { SlackTicket, Ticket } from "./store.ts";
import type { StandingAttachment } from "./store-files.ts";
import type { Deadline } from "./targets.ts";
import { type Step, stepsFrom, ticketNumber } from "./ticket.ts";
import type { Moved } from "./upkeep-said.ts";

/** The action of each step's button, and the callback of the form that it opens. */
export const STEP_BUTTON = {
  take: "ticket.take",
  assign: "ticket.assign",
  reply: "ticket.reply",
  ask: "ticket.ask",
  offer: "ticket.offer",
  accept: "ticket.accept",
  dispute: "ticket.dispute",
  solve: "ticket.solve",
  reopen: "ticket.reopen",
  close: "ticket.close",
  inform: "ticket.inform",
} satisfies Record<Step, string>;
export const SUBJECT_SHOWN = 100;
const LISTED_LEAST = 3;
/** The dots on the triage card: "assign", "topic", "follow-up", "link", "merge", "unmerge" or "history", and which ticket. */
export const MORE = "ticket.more";
export const CORRECT_FACTS = "ticket.facts";
const AGENT_STEPS = ["take", "reply", "ask", "offer", "solve", "reopen"] as const;

/** The card: first message of the customer's thread, edited as the ticket changes. */
export function ticketCard(
  t: Texts,
  ticket: SlackTicket,
  how: CardNotes & { refused: string | undefined },
): Message {
  const number = ticketNumber(ticket);
  const { refused } = how;
  const waiting = refused ? t.thread.deskRefused(number, refused) : t.filed.slow;
  const first = mergedLine(t, ticket) ?? (ticket.desk_id ? t.filed.card(number) : waiting);
  const subject = oneLine(ticket.subject, SUBJECT_SHOWN);
  const taken = ticket.attachments - ticket.refused_attachments;
  const buttons = stepsFrom(ticket).includes("inform")
    ? [
        button(STEP_BUTTON.inform, t.card.addInformation, ticketValue(ticket)),
        ...factsButton(t, ticket),
      ]
    : [];
  return {
    text: escapeMrkdwn(t.card.summary(number, subject, t.statuses[ticket.status])),
    blocks: [
      section(first),
      header(`${number} ${subject}`),
      fields([
        [t.labels.status, t.statuses[ticket.status]],
        [t.labels.priority, t.priorities[ticket.priority]],
        [t.labels.requester, mention(ticket.requester_user_id)],
        [t.labels.assignee, inert(ticket.assignee_name ?? t.labels.unassigned)],
      ]),
      ...quotation(ticket.description),
      context(impact(t, ticket)),
      ...(taken > 0 ? [context(t.card.attachments(taken))] : []),
      ...contactLine(
        t,
        ticket,
        ticket.contact_user_id && t.card.contact(mention(ticket.contact_user_id)),
      ),
      ...(ticket.message_url ? [context(link(ticket.message_url, t.card.message))] : []),
      ...cardNotes(t, ticket, how).map((note) => context(note)),
      ...actions("ticket.card", buttons),
    ],
  };
}

type CardNotes = {
  /** Its card is not where the person asked; `before`: the link to the thread that it had there. */
  elsewhere?: Moved | undefined;
  expectation?: Expectation | undefined;
  /** Why the priority is another than was asked for. */
  reviewed?: string | undefined;
};

/** How it stands beyond its status. */
function cardNotes(
  t: Texts,
  ticket: SlackTicket,
  { elsewhere, expectation, reviewed = "" }: CardNotes,
): string[] {
  const notes = [
    reviewed,
    ticket.status === "pending" ? t.card.pendingHint(ticket.requester_user_id) : "",
    ticket.status === "solved" ? t.card.solvedHint : "",
    ticket.seen_at && stepsFrom(ticket).includes("solve") ? t.card.seen : "",
    expectation ? expectedLine(t, expectation) : "",
    followsLine(t, ticket) ?? "",
    elsewhere ? elsewhereLine(t, ticket, elsewhere) : "",
  ];
  return notes.filter((note) => note !== "");
}

function elsewhereLine(t: Texts, ticket: SlackTicket, { before }: Moved): string {
  const line = t.filed.inDm(channelName(t, ticket.asked_channel_id));
  return before ? `${line} ${link(before, t.filed.before)}` : line;
}

function followsLine(t: Texts, { follows_number, opened_by_name }: Ticket): string | undefined {
  if (!follows_number) return undefined;
  const number = ticketNumber({ number: follows_number });
  if (opened_by_name) return t.card.followsByAgent(number, inert(opened_by_name));
  return t.card.follows(number);
}

function mergedLine(t: Texts, { merged_into_number: number }: Ticket): string | undefined {
  return number ? t.merge.into(ticketNumber({ number })) : undefined;
}

/** What really happened to tickets like it, else what the vendor aims at. */
function expectedLine(t: Texts, expected: Expectation): string {
  if (expected.is === "target") {
    const say = expected.isAnyTime ? t.card.targetAnyTime : t.card.target;
    return say(t.duration(expected.minutes));
  }
  const { half, ninety, count } = expected;
  return t.card.measured(t.duration(half), t.duration(ninety), count);
}

/** What stands on the agents' card beside the ticket itself. */
export type TriageFacts = {
  account: { name: string; plan: "free" | "paid" };
  attachments: readonly StandingAttachment[];
  /** Of the answer that the customer waits for. */
  deadline?: Deadline | undefined;
  /** Whether there are topics to choose from. */
  hasTopics?: boolean | undefined;
  /** Those that agents linked it with. */
  related?: readonly Related[];
  /** Why the priority is another than was asked for. */
  reviewed?: string | undefined;
};

/** The same ticket for the agents, with their buttons. Beside the longest description fewer files and tickets are listed. */
export function triageCard(t: Texts, ticket: Ticket, facts: TriageFacts): Message {
  const whole = triageMessage(t, ticket, facts);
  return fitsOneMessage(whole) ? whole : triageMessage(t, ticket, facts, LISTED_LEAST);
}

function triageMessage(t: Texts, ticket: Ticket, facts: TriageFacts, listed?: number): Message {
  const { account, attachments, deadline, hasTopics = false, related = [], reviewed } = facts;
  const number = ticketNumber(ticket);
  const subject = oneLine(ticket.subject, SUBJECT_SHOWN);
  const goesOn = [followsLine(t, ticket), mergedLine(t, ticket)].filter(
    (each) => each !== undefined,
  );
  const threadUrl = sharedThread(ticket);
  const links = [
    ticket.message_url ? link(ticket.message_url, t.card.message) : "",
    threadUrl ? link(threadUrl, t.triage.openThread) : "",
    ticket.desk_url ? link(ticket.desk_url, t.triage.openDesk) : "",
  ].filter((each) => each !== "");
  return {
    text: escapeMrkdwn(
      t.triage.summary(number, subject, oneLine(shownAccount(t, ticket, account.name))),
    ),
    blocks: [
      header(`${number} ${subject}`),
      fields([
        [t.labels.account, inert(accountWithPlan(t, ticket, account))],
        [t.labels.requester, inert(requesterOf(t, ticket))],
        [t.labels.priority, t.priorities[ticket.priority]],
        [t.labels.status, t.triage.statuses[ticket.status]],
        [t.labels.assignee, assignee(t, ticket)],
        [t.triage.filedAt, date(ticket.created_at, t.moment(ticket.created_at, "UTC"))],
        ...(deadline ? [dueField(t, deadline)] : []),
      ]),
      ...quotation(ticket.description),
      context(impact(t, ticket)),
      context(t.triage.rule(t.priorities[ticket.priority], t.rules[ticket.priority])),
      ...(reviewed ? [context(reviewed)] : []),
      ...goesOn.map((each) => context(each)),
      ...urgency(t, ticket),
      ...relatedList(t, related, listed),
      ...attachmentList(t, attachments, listed),
      ...(links.length > 0 ? [context(links.join("  |  "))] : []),
      context(t.triage.notesHint),
      ...actions("ticket.triage", [...agentButtons(t, ticket), moreMenu(t, ticket, hasTopics)]),
    ],
  };
}

/** The value of every button about a ticket: which one, never who may. */
export function ticketValue(ticket: { account_id: string; id: string }): string {
  return `${ticket.account_id}/${ticket.id}`;
}

function fields(pairs: [label: string, value: string][]): KnownBlock {
  return {
    type: "section",
    fields: pairs.map(([label, value]) => ({
      type: "mrkdwn",
      text: `*${label}*\n${value}`,
      verbatim: true,
    })),
  };
}

/** The topic and the three facts, as the person answered them. */
function impact(t: Texts, ticket: Ticket): string {
  const { what, who, workaround, topic_name } = ticket;
  const facts = t.card.impact(t.what[what], t.who[who], t.workaround[workaround]);
  return topic_name ? t.card.about(inert(topic_name), facts) : facts;
}

function dueField(t: Texts, { dueAt, isFirst }: Deadline): [label: string, value: string] {
  const label = isFirst ? t.triage.firstDue : t.triage.nextDue;
  return [label, date(dueAt, t.moment(dueAt, "UTC"))];
}

/** Why it is urgent, and who works on it with us. */
function urgency(t: Texts, ticket: Ticket): KnownBlock[] {
  const { why, contact_name, contact_email } = ticket;
  const contact = contact_name && t.card.contact(inert(contact_name), inert(contact_email ?? ""));
  return [
    ...(why ? [section(`*${t.labels.why}*`), ...quotation(why)] : []),
    ...contactLine(t, ticket, contact),
  ];
}

/** Who the contact is, and whether they are there. */
function contactLine(t: Texts, ticket: Ticket, contact: string | null): KnownBlock[] {
  if (!contact) return [];
  const words = contactStanding(t, ticket) ?? [];
  return [context([contact].concat(words).join(t.labels.separator))];
}

/** Whether the contact is there, with Slack's marks; undefined where none is needed. */
export function contactStanding(t: Texts, ticket: Ticket): string | undefined {
  const { contact_state: state, contact_due_at: dueAt, contact_declined: isDeclined } = ticket;
  if (state === "off") return undefined;
  const { contactStates, contactDeclined } = t.card;
  const words = isDeclined ? { ...contactStates, ...contactDeclined } : contactStates;
  return words[state](dueAt ? date(dueAt, t.moment(dueAt, "UTC")) : "");
}

/** Those of a ticket that has ended stay as they were. */
function factsButton(t: Texts, ticket: Ticket): Button[] {
  if (ticket.status === "solved" || ticket.status === "closed") return [];
  return [button(CORRECT_FACTS, t.card.correctFacts, ticketValue(ticket))];
}

/** Of the web form's visitors, also the address that was verified: nobody in Slack stands behind the name. */
function requesterOf(t: Texts, { requester_name: name, requester_email: email }: Ticket): string {
  return email ? t.web.requester(name, email) : name;
}

/** The account of those whom no other knows is called so in the reader's language. */
export function shownAccount(
  t: Texts,
  ticket: Pick<Ticket, "account_id">,
  accountName: string,
): string {
  return ticket.account_id === UNVERIFIED_ACCOUNT ? t.web.unverified : accountName;
}

function accountWithPlan(t: Texts, ticket: Ticket, { name, plan }: TriageFacts["account"]): string {
  return [shownAccount(t, ticket, name), t.triage.plans[plan]].join(t.labels.separator);
}

function agentButtons(t: Texts, ticket: Ticket): Button[] {
  const possible = new Set<Step>(stepsFrom(ticket));
  const steps = AGENT_STEPS.filter((step) => possible.has(step)).map((step) =>
    button(
      STEP_BUTTON[step],
      t.triage[step],
      ticketValue(ticket),
      step === "take" ? "primary" : undefined,
    ),
  );
  return [...steps, ...factsButton(t, ticket)];
}

/** What agents do less often: five at most. */
function moreMenu(t: Texts, ticket: Ticket, hasTopics: boolean): Overflow {
  const value = ticketValue(ticket);
  const mayAssign = stepsFrom(ticket).includes("assign");
  const mayMerge = ticket.status !== "closed";
  return overflow(MORE, [
    ...(mayAssign ? [{ value: `assign/${value}`, label: t.triage.assign }] : []),
    ...(mayAssign && hasTopics ? [{ value: `topic/${value}`, label: t.triage.topic }] : []),
    ...(mayFollow(ticket) ? [{ value: `follow-up/${value}`, label: t.followUp.open }] : []),
    { value: `link/${value}`, label: t.links.open },
    ...(mayMerge ? [{ value: `merge/${value}`, label: t.merge.open }] : []),
    ...(ticket.merged_into_id ? [{ value: `unmerge/${value}`, label: t.merge.undo }] : []),
    { value: `history/${value}`, label: t.triage.history },
  ]);
}

function mayFollow({ status, merged_into_id }: Ticket): boolean {
  return (status === "solved" || status === "closed") && !merged_into_id;
}

function assignee(t: Texts, ticket: Ticket): string {
  if (ticket.assignee_user_id) return mention(ticket.assignee_user_id);
  return inert(ticket.assignee_name ?? t.labels.unassigned);
}

function channelName(t: Texts, channelId: string): string {
  return isConversation(channelId) ? t.filed.thisConversation : channelMention(channelId);
}

/** Where others than the requester find the ticket's thread; "": nobody else can open their messages with the app. */
export function sharedThread({
  card_url: url,
  card_channel_id: channelId,
}: Pick<Ticket, "card_url" | "card_channel_id">): string {
  return url && channelId && !isConversation(channelId) ? url : "";
}

/** Between two people: it has no name to show. */
export function isConversation(channelId: string): boolean {
  return channelId.startsWith("D");
}

export function channelMention(channelId: string): string {
  return `<#${channelId}>`;
}

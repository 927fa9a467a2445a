import type { SectionBlock } from "@slack/types";
import { actions, choiceMenu, context, header, type Message, section } from "#slack/blocks.ts";
import { inertWithin, link, oneLine } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { PRIORITIES } from "./priority.ts";
import type { Ticket } from "./store.ts";
import { ticketNumber } from "./ticket.ts";
import { sharedThread, shownAccount, ticketValue } from "./views.ts";

export const SHOW_CARD = "ticket.show-card";
/** With lines, menu and all, fewer than the 12,000 characters that Slack takes in the blocks of one message. */
export const LISTED_MOST = 50;
const LINE = 170;
const ACCOUNT = 24;
const LONGEST_LINK = 90; // a longer one would leave no room for the subject
const CHOICE = 48;
const LINES_IN_SECTION = 16; // 3,000 characters

/** One line for each ticket, urgent first, and a menu that brings the card of one. */
export function digestMessage(
  t: Texts,
  tickets: readonly Ticket[],
  accounts: ReadonlyMap<string, string>,
): Message {
  const groups = PRIORITIES.map((priority) => ({
    title: t.priorities[priority],
    tickets: tickets.filter((ticket) => ticket.priority === priority),
  })).filter((group) => group.tickets.length > 0);
  const listed = groups.flatMap((group) => group.tickets);
  const counts = groups.map((group) => t.digest.count(group.title, group.tickets.length));
  const choices = listed.map((ticket) => ({
    value: ticketValue(ticket),
    label: oneLine(`${ticketNumber(ticket)} ${ticket.subject}`, CHOICE),
  }));
  return {
    text: t.digest.summary(listed.length, counts.join(" · ")),
    blocks: [
      header(t.digest.title(listed.length)),
      context(t.digest.why),
      ...groups.flatMap((group, n) => {
        const lines = group.tickets.map((ticket) => {
          return lineOf(t, ticket, accounts.get(ticket.account_id) ?? ticket.account_id);
        });
        return inSections([`*${counts[n]}*`, ...lines]);
      }),
      ...actions("ticket.digest", [choiceMenu(SHOW_CARD, t.digest.choose, choices)]),
    ],
  };
}

function lineOf(t: Texts, ticket: Ticket, accountName: string): string {
  const number = ticketNumber(ticket);
  const url = sharedThread(ticket);
  const linked = url && url.length <= LONGEST_LINK ? link(url, number) : number;
  const account = inertWithin(shownAccount(t, ticket, accountName), ACCOUNT);
  const status = ticket.status === "new" ? "" : ` · ${t.triage.statuses[ticket.status]}`;
  const room = LINE - `${linked} · ${account}${status}`.length - 1;
  return `${linked} ${inertWithin(ticket.subject, room)} · ${account}${status}`;
}

function inSections(lines: readonly string[]): SectionBlock[] {
  const sections: SectionBlock[] = [];
  for (let start = 0; start < lines.length; start += LINES_IN_SECTION) {
    sections.push(section(lines.slice(start, start + LINES_IN_SECTION).join("\n")));
  }
  return sections;
}

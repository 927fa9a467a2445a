import type { KnownBlock } from "@slack/types";
import { SHOW_ACCESS } from "#access/ask.ts";
import type { Policy } from "#accounts/ask.ts";
import { actions, button, header, type Message, section } from "#slack/blocks.ts";
import { escapeMrkdwn, link } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import {
  type ListButtons,
  OPEN_NEW_TICKET,
  SHOW_MY_TICKETS,
  type ShownList,
  ticketList,
} from "#tickets/ask.ts";
import { type Notice, noticeInWords } from "./ask.ts";

export const SHOW_HELP = "home.help";

/** The actions of the list of tickets on the Home tab: they draw the tab again. */
export const ON_HOME = {
  next: "home.tickets-next",
  first: "home.tickets-first",
  open: "home.tickets-only-open",
  solved: "home.tickets-only-solved",
  any: "home.tickets-any-status",
  mine: "home.tickets-mine",
  team: "home.tickets-team",
} as const satisfies ListButtons;

type HomeTab = {
  /** Absent for who belongs to no account. */
  list: ShownList | undefined;
  notices: readonly Notice[];
  statusPage: string | undefined;
};

/** The Home tab: the doors, the tickets, and for the vendor's own people what the operator must mend. */
export function homeTab(t: Texts, { list, notices, statusPage }: HomeTab): KnownBlock[] {
  return [
    header(t.home.greeting),
    section(t.home.intro),
    ...doors(t, statusPage),
    ...(list ? (ticketList(t, list, ON_HOME).blocks ?? []) : []),
    ...(notices.length > 0 ? [header(t.home.notices)] : []),
    ...notices.map((notice) => section(`:warning: ${sentence(t, notice)}`)),
  ];
}

/** What `/support` answers: the same doors, to this person only. */
export function supportMenu(t: Texts, { status_page }: Vendor): Message {
  return { text: t.home.menu, blocks: [section(t.home.menu), ...doors(t, status_page)] };
}

/** What `/support button` posts, for everybody in the channel. */
export function postedButton(t: Texts): Message {
  const submit = button(OPEN_NEW_TICKET, t.home.submit, "button", "primary");
  return {
    text: t.home.button,
    blocks: [section(t.home.button), ...actions("home.button", [submit])],
  };
}

export function buttonComes(t: Texts): Message {
  return { text: t.home.buttonComes, blocks: [section(t.home.buttonComes)] };
}

/** What the vendor's policy says of its own pages. */
export type Vendor = Pick<Policy, "status_page">;

function doors(t: Texts, statusPage: string | undefined): KnownBlock[] {
  const buttons = actions("home.doors", [
    button(OPEN_NEW_TICKET, t.home.submit, "home", "primary"),
    button(SHOW_MY_TICKETS, t.home.tickets, "home"),
    button(SHOW_ACCESS, t.home.access, "home"),
    button(SHOW_HELP, t.home.help, "home"),
  ]);
  return [...buttons, ...(statusPage ? [section(link(statusPage, t.home.status))] : [])];
}

function sentence(t: Texts, { key, detail }: Notice): string {
  return noticeInWords(t, { key: escapeMrkdwn(key), detail: escapeMrkdwn(detail) });
}

import type { KnownBlock } from "@slack/types";
import { actions, button, header, section } from "#slack/blocks.ts";
import { escapeMrkdwn } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { OPEN_NEW_TICKET } from "#tickets/ask.ts";
import { type Notice, noticeInWords } from "./ask.ts";

/** The Home tab: the doors, and for the vendor's own people what the operator must mend. */
export function homeTab(t: Texts, notices: readonly Notice[]): KnownBlock[] {
  return [
    header(t.home.greeting),
    section(t.home.intro),
    ...actions("home.doors", [button(OPEN_NEW_TICKET, t.home.submit, "home", "primary")]),
    ...(notices.length > 0 ? [header(t.home.notices)] : []),
    ...notices.map((notice) => section(`:warning: ${sentence(t, notice)}`)),
  ];
}

function sentence(t: Texts, { key, detail }: Notice): string {
  return noticeInWords(t, { key: escapeMrkdwn(key), detail: escapeMrkdwn(detail) });
}

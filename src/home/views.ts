import type { KnownBlock } from "@slack/types";
import { actions, button, header, section } from "#slack/blocks.ts";
import { escapeMrkdwn } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { OPEN_NEW_TICKET } from "#tickets/ask.ts";

export type Notice = { key: string; detail: string };

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
  const shown = `(${escapeMrkdwn(detail)})`;
  if (key === "agents-channel") return `${t.home.agentsChannel} ${shown}`;
  if (key.startsWith("workspace-disconnected:")) return t.home.disconnected(escapeMrkdwn(detail));
  return `${escapeMrkdwn(key)} ${shown}`;
}

import { setTimeout as sleep } from "node:timers/promises";
import { withoutControls } from "#control-characters.ts";
import { unescaped } from "./mrkdwn.ts";
import type { People } from "./people.ts";

const MET = 20; // people a message names, asked about while somebody waits
const MOMENT_MS = 1000; // of the three seconds that Slack gives an ack

/** Text in mrkdwn, as Slack has it of a message, as a person reads it: names, links and characters. Their own marks stay. */
export function asRead(mrkdwn: string, nameOf: (userId: string) => string | undefined): string {
  const read = mrkdwn.replaceAll(/<([^<>|][^<>]*)>/g, (_token, inner: string) =>
    wordOf(inner, nameOf),
  );
  return unescaped(withoutControls(read));
}

/** The same, with the names of all who are known or whom Slack names in a moment; its silence leaves ids. */
export async function readWithNames(
  people: Pick<People, "known" | "meet">,
  teamId: string,
  mrkdwn: string,
): Promise<string> {
  const nameOf = (userId: string) => people.known({ teamId, userId })?.name;
  const strangers = mentionedIn(mrkdwn).filter((userId) => !nameOf(userId));
  const meeting = strangers.slice(0, MET).map((userId) => people.meet({ teamId, userId }));
  if (meeting.length > 0)
    await Promise.race([Promise.all(meeting), sleep(MOMENT_MS, undefined, { ref: false })]);
  return asRead(mrkdwn, nameOf);
}

/** Whose names it needs. */
export function mentionedIn(mrkdwn: string): string[] {
  return [...new Set([...mrkdwn.matchAll(/<@([A-Z0-9]+)/g)].flatMap(([, userId]) => userId ?? []))];
}

function wordOf(inner: string, nameOf: (userId: string) => string | undefined): string {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : inner.slice(bar + 1).trim();
  const name = target.slice(1);
  if (target.startsWith("@")) return `@${nameOf(name) || label || name}`;
  if (target.startsWith("#")) return `#${label || name}`;
  if (target.startsWith("!")) return label || `@${name.replace(/^subteam\^/, "")}`; // !here, a user group, a date
  return linkAsRead(target, label);
}

function linkAsRead(target: string, label: string): string {
  const address = target.replace(/^(mailto|tel):/, "");
  const isSame = !label || label === address || address.replace(/^https?:\/\//, "") === label;
  return isSame ? address : `${label} (${address})`;
}

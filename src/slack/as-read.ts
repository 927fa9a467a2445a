import { withoutControls } from "#control-characters.ts";
import { unescaped } from "./mrkdwn.ts";

/** Text in mrkdwn, as Slack has it of a message, as a person reads it: names, links and characters. Their own marks stay. */
export function asRead(mrkdwn: string, nameOf: (userId: string) => string | undefined): string {
  const read = mrkdwn.replaceAll(/<([^<>]+)>/g, (_token, inner: string) => wordOf(inner, nameOf));
  return unescaped(withoutControls(read));
}

/** Whose names it needs. */
export function mentionedIn(mrkdwn: string): string[] {
  return [...new Set([...mrkdwn.matchAll(/<@([A-Z0-9]+)/g)].flatMap(([, userId]) => userId ?? []))];
}

function wordOf(inner: string, nameOf: (userId: string) => string | undefined): string {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : inner.slice(bar + 1);
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

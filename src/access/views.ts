import { context, type Message, section } from "#slack/blocks.ts";
import { mention } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { SupportAccess } from "./ask.ts";

/** Who reads it, and where their clock is. */
export type Reader = { texts: Texts; timeZone: string };

export function usage(t: Texts): Message {
  return said(t.access.usage);
}

export function accessShown({ texts: t, timeZone }: Reader, access: SupportAccess): Message {
  const text = access.isOn
    ? t.access.on(t.moment(access.until, timeZone), mention(access.setBy.userId))
    : t.access.off;
  return { text, blocks: [section(text), context(t.access.usage)] };
}

export function accessBegun(
  { texts: t, timeZone }: Reader,
  did: "grant" | "reset",
  until: Date,
): Message {
  return said(t.access.begun[did](t.moment(until, timeZone)));
}

export function accessOff({ texts: t }: Reader): Message {
  return said(t.access.turnedOff);
}

export function alreadyOn({ texts: t, timeZone }: Reader, until: Date): Message {
  return said(t.access.alreadyOn(t.moment(until, timeZone)));
}

/** To the admin who set it, when it ended by itself. */
export function ranOut({ texts: t, timeZone }: Reader, endedAt: Date): Message {
  return said(t.access.ranOut(t.moment(endedAt, timeZone)));
}

function said(text: string): Message {
  return { text, blocks: [section(text)] };
}

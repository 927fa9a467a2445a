import { z } from "zod";

/** Where a form was opened: a channel, "" for none, and the message it was opened from. */
export type FormPlace = { channelId: string; message?: FromMessage | undefined };
/** `threadTs`: the root of the thread it stands in, which may be the message itself. */
export type FromMessage = { ts: string; threadTs: string };

export const NOWHERE: FormPlace = { channelId: "" };

const ChannelId = z.string().regex(/^[CDG][A-Z0-9]+$/);
const Ts = z.string().regex(/^\d{1,12}\.\d{6}$/);
const Message = z.tuple([Ts, Ts]).transform(([ts, threadTs]) => ({ ts, threadTs }));

/** As it goes with the form and comes back with it. */
export function writePlace({ channelId, message }: FormPlace): string {
  return message ? [channelId, message.ts, message.threadTs].join("/") : channelId;
}

/** What does not look like one of ours is no place: the ticket is answered in the person's DM. */
export function readPlace(metadata: string): FormPlace {
  const [first, ...rest] = metadata.split("/");
  const channelId = ChannelId.safeParse(first);
  if (!channelId.success) return NOWHERE;
  const message = Message.safeParse(rest);
  return { channelId: channelId.data, ...(message.success && { message: message.data }) };
}

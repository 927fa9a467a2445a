import { z } from "zod";
import type { Tx } from "#db/connect.ts";
import type { Notices } from "#db/notices.ts";
import type { SlackRefused } from "#slack/failures.ts";
import type { ChannelAddress } from "#slack/messenger.ts";
import type { Door } from "#slack/replies.ts";
import { tellAgents } from "./outbox.ts";
import type { SlackTicket, Ticket } from "./store.ts";
import { DESKLINE, insertEvent } from "./store-history.ts";
import type { Moved } from "./upkeep-said.ts";
import { isConversation } from "./views.ts";

const Joined = z.object({ channel: z.string() });

/** Where tickets had their threads and the app can no longer post: known to the operator until it can. */
export async function raiseClosed(
  notices: Notices,
  place: ChannelAddress,
  { code }: SlackRefused,
): Promise<void> {
  if (isConversation(place.channelId)) return; // nobody is invited to a DM
  const reason = code === "is_inactive" ? "is_archived" : code; // the same, as Slack says it of an edit
  await notices.raise(closedNotice(place), reason);
}

export async function clearClosed(notices: Notices, place: ChannelAddress): Promise<void> {
  if (!isConversation(place.channelId)) await notices.clear(closedNotice(place));
}

/** The app hears who joins only where it is itself. */
export function registerClosedChannels(door: Door, { notices }: { notices: Notices }): void {
  door.event("member_joined_channel", async ({ teamId, event }) => {
    const { data: joined } = Joined.safeParse(event);
    if (joined) await clearClosed(notices, { teamId, channelId: joined.channel });
  });
}

/** Where the person asked. */
export function askedPlace(ticket: SlackTicket): ChannelAddress {
  return { teamId: ticket.asked_team_id, channelId: ticket.asked_channel_id };
}

/** The agents read it, and the card in the DM leads back to the thread before it. */
export async function tellMoved(tx: Tx, ticket: Ticket, before: string | null): Promise<void> {
  const detail: Moved = before ? { before } : {};
  await tellAgents(
    tx,
    ticket,
    await insertEvent(tx, ticket, { event: "moved", by: DESKLINE, detail }),
  );
}

function closedNotice({ teamId, channelId }: ChannelAddress): string {
  return `channel-closed:${teamId}:${channelId}`;
}

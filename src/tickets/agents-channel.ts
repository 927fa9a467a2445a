import { z } from "zod";
import type { AgentsChannel } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { channelLane } from "#jobs/lanes.ts";
import { hurryLane } from "#jobs/moves.ts";
import type { Door } from "#slack/replies.ts";

/** Known to the operator until the agents' channel can be posted to. */
export const AGENTS_CHANNEL_NOTICE = "agents-channel";

const Joined = z.object({ channel: z.string() });

/** Somebody was invited, the app perhaps: what waits for the agents' channel is tried at once. */
export function registerAgentsChannel(
  door: Door,
  { db, agentsChannel }: { db: Db; agentsChannel: AgentsChannel },
): void {
  door.event("member_joined_channel", async ({ teamId, event }) => {
    const joined = Joined.safeParse(event);
    const isTheirs = joined.data?.channel === agentsChannel.channelId;
    if (!isTheirs || teamId !== agentsChannel.teamId) return;
    await hurryLane(db, channelLane(teamId, agentsChannel.channelId));
  });
}

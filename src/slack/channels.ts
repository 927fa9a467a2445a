import type { CallSlack } from "./clients.ts";
import type { ChannelAddress } from "./messenger.ts";

/** What people know a channel by, and how many read along. */
export type ChannelFacts = {
  name: string;
  members: number;
  isPrivate: boolean;
  /** With another company (Slack Connect). */
  isShared: boolean;
};

export type Channels = {
  /** As Slack says now. Undefined for a conversation without a name, where the app may not look, and when Slack is silent. */
  about(at: ChannelAddress): Promise<ChannelFacts | undefined>;
};

export function createChannels(callSlack: CallSlack): Channels {
  return {
    async about({ teamId, channelId }) {
      const answer = await callSlack(
        teamId,
        (client) => client.conversations.info({ channel: channelId, include_num_members: true }),
        "quick",
      ).catch(() => undefined);
      const channel = answer?.channel;
      if (!channel?.name) return undefined;
      return {
        name: channel.name,
        members: Math.max(0, (channel.num_members ?? 0) - 1), // the app is one of them
        isPrivate: channel.is_private ?? false,
        isShared: channel.is_ext_shared ?? false,
      };
    },
  };
}

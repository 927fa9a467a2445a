import type { Fields } from "#simulator/block-rules.ts";
import { react } from "#simulator/messages.ts";
import { type Call, channelArg, isMember, messageArg, textArg } from "#simulator/method.ts";
import { SlackError } from "#simulator/slack-error.ts";

export function addReaction(call: Call): Fields {
  const channel = channelArg(call);
  if (!isMember(call, channel)) throw new SlackError("not_in_channel");
  if (channel.isArchived) throw new SlackError("is_archived");
  const message = messageArg(call, channel, "timestamp");
  const name = textArg(call, "name");
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) throw new SlackError("invalid_name");
  const given = message.reactions.find((each) => each.name === name);
  if (given?.userIds.includes(call.install.botUserId)) throw new SlackError("already_reacted");
  react(call.sim, message, name, call.install.botUserId);
  return {};
}

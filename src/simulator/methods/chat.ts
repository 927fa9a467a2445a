import type { Fields } from "#simulator/block-rules.ts";
import { SURFACE } from "#simulator/limits.ts";
import { checkMessage } from "#simulator/message-check.ts";
import { change, postAsApp, postEphemeral, remove } from "#simulator/messages.ts";
import {
  type Call,
  channelArg,
  isMember,
  messageArg,
  needScope,
  textArg,
} from "#simulator/method.ts";
import { permalinkOf } from "#simulator/permalink.ts";
import type { Channel, Message } from "#simulator/records.ts";
import { openDm } from "#simulator/see.ts";
import { SlackError } from "#simulator/slack-error.ts";
import { messageJson } from "#simulator/slack-json.ts";

const CUSTOMIZE = "chat:write.customize";

export function postMessage(call: Call): Fields {
  const channel = writableChannel(call);
  const content = checkMessage(call.args);
  const message = postAsApp(call.sim, call.install, channel, {
    ...content,
    ...replyTo(call, channel),
    ...customName(call),
  });
  return {
    channel: channel.id,
    ts: message.ts,
    message: messageJson(call.sim.world, message),
  };
}

export function updateMessage(call: Call): Fields {
  const channel = channelArg(call);
  const message = ownMessage(call, channel, "cant_update_message");
  if (channel.isArchived) throw new SlackError("is_inactive");
  const content = checkMessage(withKept(call.args, message), SURFACE.updateText);
  const next = change(call.sim, message, {
    ...content,
    // Slack shows "edited" only where text without blocks was changed.
    ...(content.blocks.length === 0 && {
      edited: { user: call.install.botUserId, ts: `${Math.floor(Date.now() / 1000)}.000000` },
    }),
  });
  return {
    channel: channel.id,
    ts: next.ts,
    text: next.text,
    message: messageJson(call.sim.world, next),
  };
}

export function deleteMessage(call: Call): Fields {
  const channel = channelArg(call);
  const message = ownMessage(call, channel, "cant_delete_message");
  remove(call.sim, message);
  return { channel: channel.id, ts: message.ts };
}

export function postEphemeralMessage(call: Call): Fields {
  const channel = writableChannel(call);
  const userId = textArg(call, "user");
  if (!call.sim.world.people.get(userId)) throw new SlackError("user_not_found");
  if (!channel.memberIds.includes(userId)) throw new SlackError("user_not_in_channel");
  const content = checkMessage(call.args);
  const { threadTs } = replyTo(call, channel);
  const to = { channel: channel.id, userId };
  const message = postEphemeral(
    call.sim,
    call.install,
    threadTs ? { ...to, threadTs } : to,
    content,
  );
  return { message_ts: message.ts };
}

export function getPermalink(call: Call): Fields {
  const channel = channelArg(call);
  const message = messageArg(call, channel, "message_ts");
  return { channel: channel.id, permalink: permalinkOf(call.sim, message) };
}

/** The channel to write to; a person's id means the app's DM with them. */
function writableChannel(call: Call): Channel {
  const channel = dmByUserId(call) ?? channelArg(call);
  if (!isMember(call, channel)) throw new SlackError("not_in_channel");
  if (channel.isArchived) throw new SlackError("is_archived");
  return channel;
}

function dmByUserId(call: Call): Channel | undefined {
  const id = textArg(call, "channel");
  const person = /^[UW]/.test(id) ? call.sim.world.people.get(id) : undefined;
  if (!person || person.teamId !== call.install.teamId || person.isBot) return undefined;
  return openDm(call.sim.world, call.install, person.id);
}

function ownMessage(call: Call, channel: Channel, refusal: string): Message {
  if (!isMember(call, channel)) throw new SlackError("not_in_channel");
  const message = messageArg(call, channel);
  if (message.botId !== call.install.botId) throw new SlackError(refusal);
  return message;
}

function replyTo(call: Call, channel: Channel): Pick<Message, "threadTs" | "broadcast"> {
  const threadTs = textArg(call, "thread_ts");
  if (!threadTs) return {};
  const root = call.sim.world.messages.get(channel.id, threadTs);
  if (!root || root.tombstone || root.threadTs) throw new SlackError("thread_not_found");
  return { threadTs, ...(call.args.reply_broadcast === true && { broadcast: true }) };
}

function customName(call: Call): Pick<Message, "username" | "iconUrl"> {
  const { username, icon_url, icon_emoji } = call.args;
  if (username === undefined && icon_url === undefined && icon_emoji === undefined) return {};
  if (call.sim.ignoresLooks && !call.sim.manifest.scopes.includes(CUSTOMIZE)) return {};
  needScope(call.sim, CUSTOMIZE);
  return {
    ...(username !== undefined && { username: String(username) }),
    ...(icon_url !== undefined && { iconUrl: String(icon_url) }),
  };
}

/** chat.update keeps metadata it is not given, and blocks unless text comes alone: then they go. */
function withKept(args: Fields, message: Message): Fields {
  const metadata = args.metadata ?? message.metadata;
  const hasWords = args.text !== undefined || args.markdown_text !== undefined;
  return {
    ...args,
    ...(!hasWords && { blocks: args.blocks ?? message.blocks }),
    ...(metadata !== undefined && { metadata }),
  };
}

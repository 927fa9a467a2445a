import type { Fields } from "#simulator/block-rules.ts";
import {
  type Call,
  channelArg,
  isMember,
  needChannelScope,
  needScope,
  pageOf,
  personArg,
  textArg,
} from "#simulator/method.ts";
import type { Channel, Message } from "#simulator/records.ts";
import { dmOf, openDm, teamsOf } from "#simulator/see.ts";
import { SlackError } from "#simulator/slack-error.ts";
import { channelJson, messageJson } from "#simulator/slack-json.ts";

const KINDS: Record<string, { kind: Channel["kind"]; scope: string } | undefined> = {
  public_channel: { kind: "channel", scope: "channels:read" },
  private_channel: { kind: "private", scope: "groups:read" },
  im: { kind: "dm", scope: "im:read" },
};

export function openConversation(call: Call): Fields {
  const users = textArg(call, "users").split(",").filter(Boolean);
  const [userId, ...others] = users;
  if (call.args.channel !== undefined) return opened(call, channelArg(call), false);
  if (!userId) throw new SlackError("users_list_not_supplied");
  if (others.length > 0) needScope(call.sim, "mpim:write");
  needScope(call.sim, "im:write");
  const person = personArg({ ...call, args: { user: userId } });
  if (person.isBot || person.id === call.install.botUserId)
    throw new SlackError("invalid_user_combination");
  if (person.deleted) throw new SlackError("user_disabled");
  const before = dmOf(call.sim.world, call.install, person.id);
  if (!before && call.args.prevent_creation === true) throw new SlackError("channel_not_found");
  return opened(call, openDm(call.sim.world, call.install, person.id), before !== undefined);
}

function opened(call: Call, channel: Channel, already: boolean): Fields {
  if (channel.kind !== "dm") throw new SlackError("method_not_supported_for_channel_type");
  if (!already) call.sim.changes.tell({ what: "world" });
  const full = call.args.return_im === true;
  return {
    ...(already && { no_op: true, already_open: true }),
    channel: full ? channelJson(channel, call.install.botUserId) : { id: channel.id },
  };
}

export function conversationInfo(call: Call): Fields {
  const channel = channelArg(call);
  needChannelScope(call, channel, "read");
  return {
    channel: {
      ...channelJson(channel, call.install.botUserId),
      ...(call.args.include_num_members === true && { num_members: channel.memberIds.length }),
      ...(call.args.include_locale === true && { locale: "en-US" }),
    },
  };
}

export function conversationMembers(call: Call): Fields {
  const channel = channelArg(call);
  needChannelScope(call, channel, "read");
  const { page, response_metadata } = pageOf(call, channel.memberIds, { preset: 100, max: 1000 });
  return { members: page, response_metadata };
}

export function conversationList(call: Call): Fields {
  return listed(call, () => true);
}

/** Those of one person, the app itself when none is named. */
export function conversationsOf(call: Call): Fields {
  const userId = call.args.user === undefined ? call.install.botUserId : personArg(call).id;
  return listed(call, ({ memberIds }) => memberIds.includes(userId));
}

function listed(call: Call, isAsked: (channel: Channel) => boolean): Fields {
  const wanted = (textArg(call, "types") || "public_channel").split(",").map((type) => {
    const known = KINDS[type.trim()];
    if (!known) throw new SlackError("invalid_types");
    needScope(call.sim, known.scope);
    return known.kind;
  });
  const visible = call.sim.world.channels
    .values()
    .filter((channel) => teamsOf(channel).includes(call.install.teamId))
    .filter((channel) => wanted.includes(channel.kind))
    .filter((channel) => channel.kind === "channel" || isMember(call, channel))
    .filter((channel) => !(call.args.exclude_archived === true && channel.isArchived))
    .filter(isAsked);
  const { page, response_metadata } = pageOf(call, visible, { preset: 100, max: 1000 });
  const channels = page.map((channel) => channelJson(channel, call.install.botUserId));
  return { channels, response_metadata };
}

export function conversationHistory(call: Call): Fields {
  const channel = readableChannel(call);
  const newestFirst = call.sim.world.messages
    .in(channel.id)
    .filter((message) => !message.threadTs || message.broadcast)
    .filter(within(call))
    .reverse();
  const { page, response_metadata } = pageOf(call, newestFirst, { preset: 100, max: 999 });
  return {
    messages: page.map((message) => asAsked(call, message)),
    has_more: response_metadata.next_cursor !== "",
    pin_count: 0,
    response_metadata,
  };
}

export function conversationReplies(call: Call): Fields {
  const channel = readableChannel(call);
  const given = call.sim.world.messages.get(channel.id, textArg(call, "ts"));
  const root = given?.threadTs ? call.sim.world.messages.get(channel.id, given.threadTs) : given;
  if (!root) throw new SlackError("thread_not_found");
  const replies = call.sim.world.messages.replies(channel.id, root.ts).filter(within(call));
  const { page, response_metadata } = pageOf(call, [root, ...replies], { preset: 1000, max: 1000 });
  return {
    messages: page.map((message) => asAsked(call, message)),
    has_more: response_metadata.next_cursor !== "",
    response_metadata,
  };
}

function readableChannel(call: Call): Channel {
  const channel = channelArg(call);
  needChannelScope(call, channel, "history");
  if (!isMember(call, channel)) throw new SlackError("not_in_channel");
  return channel;
}

function within(call: Call): (message: Message) => boolean {
  const oldest = timeArg(call, "oldest");
  const latest = timeArg(call, "latest");
  const inclusive = call.args.inclusive === true;
  return ({ ts }) => {
    if (inclusive && (ts === call.args.oldest || ts === call.args.latest)) return true;
    return Number(ts) > (oldest ?? 0) && Number(ts) < (latest ?? Number.POSITIVE_INFINITY);
  };
}

function timeArg(call: Call, name: "oldest" | "latest"): number | undefined {
  const given = call.args[name];
  if (given === undefined || given === "") return undefined;
  const time = Number(given);
  if (!Number.isFinite(time)) throw new SlackError(`invalid_ts_${name}`);
  return time;
}

function asAsked(call: Call, message: Message): Fields {
  return messageJson(call.sim.world, message, call.args.include_all_metadata === true);
}

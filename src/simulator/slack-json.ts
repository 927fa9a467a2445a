import { filesInMessage } from "./files.ts";
import type { Channel, Install, Message, Person, View } from "./records.ts";
import { APP_ID, APP_NAME } from "./seed.ts";
import type { World } from "./world.ts";

/** Records in the words of Slack's JSON. */

type Json = Record<string, unknown>;

export function messageJson(world: World, message: Message, metadata = true): Json {
  if (message.tombstone) return tombstoneJson(message);
  return {
    type: "message",
    ...looksJson(message),
    ...(message.fileIds && { subtype: "file_share", upload: true, display_as_bot: false }),
    ...(message.broadcast && { subtype: "thread_broadcast" }),
    ...(!message.username && { user: message.userId }),
    team: message.teamId,
    text: message.text,
    ts: message.ts,
    ...(message.clientMsgId && { client_msg_id: message.clientMsgId }),
    ...(message.botId && botJson(world, message)),
    ...(message.fileIds && { files: filesInMessage(world, message) }),
    ...blocksJson(message),
    ...threadJson(world, message),
    ...(message.edited && { edited: message.edited }),
    ...(metadata && message.metadata && { metadata: message.metadata }),
    ...(message.reactions.length > 0 && {
      reactions: message.reactions.map(({ name, userIds }) => ({
        name,
        users: userIds,
        count: userIds.length,
      })),
    }),
  };
}

/** With a name of its own a message is no user's. */
function looksJson({ username, iconUrl }: Message): Json {
  return {
    ...(username && { subtype: "bot_message", username }),
    ...(iconUrl && { icons: { image_48: iconUrl } }),
  };
}

function tombstoneJson(message: Message): Json {
  return {
    type: "message",
    subtype: "tombstone",
    user: "USLACKBOT",
    text: "This message was deleted.",
    hidden: true,
    ts: message.ts,
    thread_ts: message.ts,
  };
}

function botJson(world: World, message: Message): Json {
  const install = world.installs.get(message.teamId);
  return {
    bot_id: message.botId,
    app_id: APP_ID,
    bot_profile: {
      id: message.botId,
      deleted: install?.state === "uninstalled",
      name: APP_NAME,
      updated: 1_700_000_000,
      app_id: APP_ID,
      icons: { image_36: "", image_48: "", image_72: "" },
      team_id: message.teamId,
    },
  };
}

function blocksJson(message: Message): Json {
  if (message.botId) return message.blocks.length > 0 ? { blocks: message.blocks } : {};
  if (message.text === "") return {}; // files alone
  const text = { type: "text", text: message.text };
  const section = { type: "rich_text_section", elements: [text] };
  return { blocks: [{ type: "rich_text", block_id: message.ts.slice(-5), elements: [section] }] };
}

function threadJson(world: World, message: Message): Json {
  if (message.threadTs) {
    const root = world.messages.get(message.channel, message.threadTs);
    return { thread_ts: message.threadTs, parent_user_id: root?.userId ?? "USLACKBOT" };
  }
  const replies = world.messages.replies(message.channel, message.ts);
  const latest = replies.at(-1);
  if (!latest) return {};
  const users = [...new Set(replies.map((reply) => reply.userId))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: latest.ts,
    is_locked: false,
    subscribed: false,
  };
}

export function viewJson(view: View, install: Install): Json {
  return {
    id: view.id,
    team_id: view.teamId,
    ...view.payload,
    state: { values: view.values },
    hash: view.hash,
    previous_view_id: view.previousViewId ?? null,
    root_view_id: view.rootViewId,
    app_id: APP_ID,
    app_installed_team_id: install.teamId,
    bot_id: install.botId,
  };
}

/** A person as an installation of `teamId` sees them. */
export function userJson(
  { origin }: Pick<World, "origin">,
  person: Person,
  { teamId, withLocale }: { teamId: string; withLocale: boolean },
): Json {
  const isStranger = person.teamId !== teamId;
  const base = {
    id: person.id,
    team_id: person.teamId,
    name: person.name.toLowerCase(),
    deleted: person.deleted,
    profile: profileJson(person, origin),
    is_bot: person.isBot,
    is_app_user: false,
    updated: 1_700_000_000,
  };
  // Slack leaves the roles of a deactivated person out altogether.
  if (person.deleted) return base;
  return {
    ...base,
    real_name: person.name,
    tz: person.tz,
    tz_label: person.tz,
    tz_offset: person.tzOffset,
    is_admin: person.isAdmin,
    is_owner: person.isOwner,
    is_primary_owner: person.isPrimaryOwner,
    is_restricted: person.isRestricted,
    is_ultra_restricted: person.isUltraRestricted,
    ...(isStranger && { is_stranger: true }),
    ...(withLocale && !isStranger && { locale: person.locale }),
  };
}

function profileJson(person: Person, origin: string): Json {
  return {
    real_name: person.name,
    real_name_normalized: person.name,
    display_name: person.name,
    display_name_normalized: person.name,
    title: person.title[person.locale === "ja-JP" ? "ja" : "en"],
    team: person.teamId,
    ...(!person.isBot && { image_72: `${origin}/sim/picture?of=${person.id}` }),
    ...(person.isBot && { api_app_id: APP_ID, always_active: true }),
  };
}

/** A conversation as an installation of `teamId` sees it. */
export function channelJson(channel: Channel, botUserId: string): Json {
  const isMember = channel.memberIds.includes(botUserId);
  const other = channel.memberIds.find((id) => id !== botUserId);
  if (channel.kind === "dm") {
    return { id: channel.id, created: 1_700_000_000, is_im: true, is_archived: false, user: other };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    created: 1_700_000_000,
    creator: channel.memberIds[0],
    is_channel: channel.kind === "channel",
    is_group: channel.kind === "private",
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === "private",
    is_general: channel.name === "general",
    is_archived: channel.isArchived,
    is_member: isMember,
    is_shared: channel.connectedTeamIds.length > 0,
    is_ext_shared: channel.connectedTeamIds.length > 0,
    is_org_shared: false,
    is_pending_ext_shared: false,
    context_team_id: channel.teamId,
    shared_team_ids: [channel.teamId, ...channel.connectedTeamIds],
    topic: { value: "", creator: "", last_set: 0 },
    purpose: { value: "", creator: "", last_set: 0 },
    previous_names: [],
  };
}

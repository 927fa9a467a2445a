import type { Method } from "./method.ts";
import { apiTest, authTest, botsInfo, teamInfo } from "./methods/auth.ts";
import {
  deleteMessage,
  getPermalink,
  postEphemeralMessage,
  postMessage,
  updateMessage,
} from "./methods/chat.ts";
import {
  conversationHistory,
  conversationInfo,
  conversationList,
  conversationMembers,
  conversationReplies,
  conversationsOf,
  openConversation,
} from "./methods/conversations.ts";
import { completeUpload, deleteFile, fileInfo, getUploadUrl } from "./methods/files.ts";
import { completeError, completeSuccess } from "./methods/functions.ts";
import { addReaction } from "./methods/reactions.ts";
import { openSocket } from "./methods/sockets.ts";
import { userInfo, userList } from "./methods/users.ts";
import { viewsOpen, viewsPublish, viewsPush, viewsUpdate } from "./methods/views.ts";

const READ = ["channels:read", "groups:read", "im:read", "mpim:read"];
const HISTORY = ["channels:history", "groups:history", "im:history", "mpim:history"];
const OPEN = ["im:write", "mpim:write", "channels:manage", "groups:write"];
const WRITE = ["chat:write"];

const paging = { cursor: "string", limit: "integer" } as const;
const content = {
  text: "string",
  markdown_text: "string",
  blocks: "json",
  attachments: "json",
  parse: "string",
  link_names: "boolean",
} as const;
const looks = { username: "string", icon_emoji: "string", icon_url: "string" } as const;
const period = {
  oldest: "string",
  latest: "string",
  inclusive: "boolean",
  include_all_metadata: "boolean",
} as const;

/** The Web API: what each method takes, needs and may be called how often. Unknown arguments are refused. */
export const METHODS: Record<string, Method> = {
  "api.test": {
    args: { error: "string", foo: "string" },
    tier: 4,
    token: "none",
    run: apiTest,
  },
  "apps.connections.open": { args: {}, tier: 3, token: "app", run: openSocket },
  "auth.test": { args: {}, tier: "free", run: authTest },
  "bots.info": {
    args: { bot: "string" },
    scopes: ["users:read"],
    tier: 3,
    run: botsInfo,
  },
  "chat.delete": {
    args: { "channel!": "string", "ts!": "string" },
    scopes: WRITE,
    tier: 3,
    run: deleteMessage,
  },
  "chat.getPermalink": {
    args: { "channel!": "string", "message_ts!": "string" },
    tier: "free",
    run: getPermalink,
  },
  "chat.postEphemeral": {
    args: { "channel!": "string", "user!": "string", thread_ts: "string", ...content, ...looks },
    scopes: WRITE,
    tier: 4,
    run: postEphemeralMessage,
  },
  "chat.postMessage": {
    args: {
      "channel!": "string",
      thread_ts: "string",
      reply_broadcast: "boolean",
      metadata: "json",
      unfurl_links: "boolean",
      unfurl_media: "boolean",
      mrkdwn: "boolean",
      ...content,
      ...looks,
    },
    scopes: WRITE,
    tier: "post",
    run: postMessage,
  },
  "chat.update": {
    args: {
      "channel!": "string",
      "ts!": "string",
      metadata: "json",
      reply_broadcast: "boolean",
      file_ids: "array",
      ...content,
    },
    scopes: WRITE,
    tier: 3,
    run: updateMessage,
  },
  "conversations.history": {
    args: { "channel!": "string", ...paging, ...period },
    scopes: HISTORY,
    tier: 3,
    run: conversationHistory,
  },
  "conversations.info": {
    args: { "channel!": "string", include_locale: "boolean", include_num_members: "boolean" },
    scopes: READ,
    tier: 3,
    run: conversationInfo,
  },
  "conversations.list": {
    args: { types: "string", exclude_archived: "boolean", ...paging },
    scopes: READ,
    tier: 2,
    run: conversationList,
  },
  "conversations.members": {
    args: { "channel!": "string", ...paging },
    scopes: READ,
    tier: 4,
    run: conversationMembers,
  },
  "conversations.open": {
    args: {
      channel: "string",
      users: "string",
      return_im: "boolean",
      prevent_creation: "boolean",
    },
    scopes: OPEN,
    tier: 3,
    run: openConversation,
  },
  "conversations.replies": {
    args: { "channel!": "string", "ts!": "string", ...paging, ...period },
    scopes: HISTORY,
    tier: 3,
    run: conversationReplies,
  },
  "files.completeUploadExternal": {
    args: {
      "files!": "array",
      channel_id: "string",
      thread_ts: "string",
      initial_comment: "string",
    },
    scopes: ["files:write"],
    tier: 4,
    run: completeUpload,
  },
  "files.delete": {
    args: { "file!": "string" },
    scopes: ["files:write"],
    tier: 3,
    run: deleteFile,
  },
  "files.getUploadURLExternal": {
    args: {
      "filename!": "string",
      "length!": "integer",
      alt_txt: "string",
      snippet_type: "string",
    },
    scopes: ["files:write"],
    tier: 4,
    run: getUploadUrl,
  },
  "files.info": {
    args: { "file!": "string", count: "integer", page: "integer", ...paging },
    scopes: ["files:read"],
    tier: 4,
    run: fileInfo,
  },
  "functions.completeError": {
    args: { "function_execution_id!": "string", "error!": "string" },
    tier: 3,
    run: completeError,
  },
  "functions.completeSuccess": {
    args: { "function_execution_id!": "string", "outputs!": "json" },
    tier: 3,
    run: completeSuccess,
  },
  "reactions.add": {
    args: { "channel!": "string", "timestamp!": "string", "name!": "string" },
    scopes: ["reactions:write"],
    tier: 3,
    run: addReaction,
  },
  "team.info": {
    args: { team: "string", domain: "string" },
    scopes: ["team:read"],
    tier: 3,
    run: teamInfo,
  },
  "users.conversations": {
    args: { user: "string", types: "string", exclude_archived: "boolean", ...paging },
    scopes: READ,
    tier: 3,
    run: conversationsOf,
  },
  "users.info": {
    args: { "user!": "string", include_locale: "boolean" },
    scopes: ["users:read"],
    tier: 4,
    run: userInfo,
  },
  "users.list": {
    args: { include_locale: "boolean", ...paging },
    scopes: ["users:read"],
    tier: 2,
    run: userList,
  },
  "views.open": {
    args: { "trigger_id!": "string", "view!": "json" },
    tier: 4,
    run: viewsOpen,
  },
  "views.publish": {
    args: { "user_id!": "string", "view!": "json", hash: "string" },
    tier: 4,
    run: viewsPublish,
  },
  "views.push": {
    args: { "trigger_id!": "string", "view!": "json" },
    tier: 4,
    run: viewsPush,
  },
  "views.update": {
    args: { view_id: "string", external_id: "string", "view!": "json", hash: "string" },
    tier: 4,
    run: viewsUpdate,
  },
};

import type { Block, PersonView, StateValues } from "./page/contract.ts";

/** What the world is made of: plain records, replaced and never changed in place. */

export type Workspace = {
  id: string;
  name: string;
  domain: string;
  role: "vendor" | "customer" | "other";
};

export type Person = {
  id: string;
  teamId: string;
  name: string;
  title: { ja: string; en: string };
  kind: PersonView["kind"];
  locale: "ja-JP" | "en-US";
  tz: string;
  tzOffset: number;
  isAdmin: boolean;
  isOwner: boolean;
  isPrimaryOwner: boolean;
  isRestricted: boolean;
  isUltraRestricted: boolean;
  isBot: boolean;
  deleted: boolean;
};

export type Channel = {
  id: string;
  teamId: string;
  name: string;
  kind: "channel" | "private" | "dm";
  isArchived: boolean;
  memberIds: string[];
  /** Slack Connect: the other workspaces that see this channel. */
  connectedTeamIds: string[];
};

/** The app in one workspace. */
export type Install = {
  teamId: string;
  token: string;
  botUserId: string;
  botId: string;
  state: "installed" | "revoked" | "uninstalled";
};

export type Metadata = { event_type: string; event_payload: Record<string, unknown> };

export type Message = {
  channel: string;
  ts: string;
  threadTs?: string;
  /** A reply that is shown in the channel too. */
  broadcast?: boolean;
  userId: string;
  teamId: string;
  botId?: string;
  username?: string;
  iconUrl?: string;
  text: string;
  blocks: Block[];
  metadata?: Metadata;
  clientMsgId?: string;
  /** The files that were sent with it. */
  fileIds?: string[];
  edited?: { user: string; ts: string };
  reactions: { name: string; userIds: string[] }[];
  /** A deleted root that still has replies. */
  tombstone?: boolean;
};

/** A message one person sees; kept in memory only, as Slack keeps it in the client only. */
export type Ephemeral = Message & { onlyFor: string };

export type ViewPayload = {
  type: "modal" | "home";
  blocks: Block[];
  title?: { type: string; text: string };
  submit?: { type: string; text: string };
  close?: { type: string; text: string };
  private_metadata: string;
  callback_id: string;
  external_id: string;
  clear_on_close: boolean;
  notify_on_close: boolean;
  submit_disabled?: boolean;
};

export type View = {
  id: string;
  teamId: string;
  userId: string;
  payload: ViewPayload;
  values: StateValues;
  hash: string;
  rootViewId: string;
  previousViewId?: string;
};

export type ResponseUrl = {
  id: string;
  teamId: string;
  channel: string;
  userId: string;
  createdAt: number;
  uses: number;
  /** The message whose button was pressed. */
  messageTs?: string;
  threadTs?: string;
  onEphemeral?: boolean;
};

export type SimFile = {
  id: string;
  /** Whose it is: a person's or the app's, in their workspace. */
  teamId: string;
  userId: string;
  name: string;
  size: number;
  mimetype: string;
  filetype: string;
  mode: "hosted" | "external" | "tombstone" | "file_access" | "deleted";
  /** Seconds since 1970. */
  createdAt: number;
  shares: { channel: string; ts: string; threadTs?: string }[];
  /** A test may take the right to fetch it from every token. */
  isClosed?: boolean;
  /** While the app's upload is not completed. */
  uploadKey?: string;
};

/** A run of one of the app's steps in a workflow. */
export type StepRun = {
  id: string;
  teamId: string;
  state: "running" | "completed" | "failed";
  outputs?: Record<string, unknown>;
  error?: string;
};

export type ReadMark = { userId: string; channel: string; ts: string };

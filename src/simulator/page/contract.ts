/** What the simulator's page and its server say to each other, as JSON. Types only. */

export type Language = "ja" | "en";

export type PersonView = {
  id: string;
  teamId: string;
  /** Display name, e.g. "Hana". */
  name: string;
  title: { ja: string; en: string };
  kind: "agent" | "member" | "admin" | "guest" | "stranger" | "app";
  locale: "ja-JP" | "en-US";
};

export type ChannelView = {
  id: string;
  teamId: string;
  kind: "channel" | "private" | "dm";
  /** Without "#"; for a DM the other side's name. */
  name: string;
  isShared: boolean;
  isArchived: boolean;
  appIsMember: boolean;
  memberIds: string[];
  unread: number;
};

/** A Block Kit block or view, as the app sent it; the page renders what it knows and names what it does not. */
export type Block = { type: string; block_id?: string; [key: string]: unknown };

export type MessageView = {
  channel: string;
  ts: string;
  threadTs?: string;
  /** A person's or the app's user id. */
  userId: string;
  /** The name and picture the app asked for, if any; of pictures only the simulator's own. */
  username?: string;
  pictureUrl?: string;
  text: string;
  blocks: Block[];
  files: FileView[];
  edited: boolean;
  replyCount: number;
  reactions: { name: string; userIds: string[] }[];
  /** Seen by one person only and gone on reload, as in Slack. */
  ephemeral: boolean;
  permalink: string;
};

/** A file as people see it; its bytes: GET /sim/file?as=U…&id=F… */
export type FileView = { id: string; name: string; size: number };

export type ModalView = {
  id: string;
  hash: string;
  title: string;
  submit?: string;
  close?: string;
  blocks: Block[];
  /** block_id → action_id → the element's state, in the shape of Slack's view.state.values. */
  values: StateValues;
};

export type StateValues = Record<string, Record<string, ElementState>>;
export type ElementState = { type: string; [key: string]: unknown };

export type FaultKind =
  | "429"
  | "500"
  | "outage"
  | "accepted-then-dropped"
  | "slow"
  | "redelivery"
  | "disconnect";

export type FaultView = {
  id: string;
  kind: FaultKind;
  /** Web API method it is limited to, e.g. "chat.postMessage"; absent: every method. */
  method?: string;
  /** How often it still strikes; absent: until removed. */
  times?: number;
  /** 0.2: it strikes one call in five, drawn at random. Absent: every call. */
  share?: number;
  /** 429: Retry-After in seconds. */
  retryAfter?: number;
  /** slow: delay in milliseconds. */
  ms?: number;
};

export type MailView = {
  id: string;
  to: string;
  subject: string;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
};

/** GET /sim/world?as=U… : all that this person can see, but for the messages. */
export type World = {
  me: PersonView;
  workspaces: { id: string; name: string; role: "vendor" | "customer" | "other" }[];
  /** Everyone one may act as (not the app). */
  people: PersonView[];
  /** Names of everyone that a message can name, the app included. */
  names: Record<string, string>;
  channels: ChannelView[];
  /** The app's commands that this person can use (none for a stranger). */
  commands: { command: string; description: string; usageHint: string }[];
  /** The app's entries in Slack's own menus, for whoever can use them. */
  shortcuts: {
    name: string;
    type: "global" | "message";
    callbackId: string;
    description: string;
  }[];
  /** Modal stack, the visible one last. */
  modals: ModalView[];
  /** The App Home tab last published for this person. */
  home?: { blocks: Block[] };
  faults: FaultView[];
  /** What was mailed to anybody; absent without a mailbox. */
  mails?: MailView[];
  /** How the app is connected just now. */
  delivery: "http" | "socket" | "none";
};

/** GET /sim/messages?as=U…&channel=C…[&thread=ts] : oldest first; with `thread` the root and its replies. */
export type Messages = { messages: MessageView[] };

/** GET /sim/live?as=U… : server-sent events, `data:` is one of these. */
export type Live =
  | { what: "world" }
  | { what: "messages"; channel: string; threadTs?: string }
  /** A line Slack itself says to this person, e.g. "/ticket failed with the error “operation_timeout”". */
  | { what: "notice"; text: string };

/** POST /sim/act */
export type Act = { as: string } & (
  | { do: "send"; channel: string; threadTs?: string; text: string; files?: string[] }
  | { do: "edit"; channel: string; ts: string; text: string }
  | { do: "delete"; channel: string; ts: string }
  | { do: "react"; channel: string; ts: string; name: string }
  | { do: "command"; channel: string; command: string; text: string }
  /** One of the app's entries in the menu of a message, or in that of all shortcuts. */
  | { do: "shortcut"; callbackId: string; message?: { channel: string; ts: string } }
  /** A press or choice on a message, in a modal or on the Home tab. */
  | {
      do: "action";
      at:
        | { message: { channel: string; ts: string } }
        | { viewId: string; values: StateValues }
        | { home: true };
      blockId: string;
      actionId: string;
      /** What the element now holds, in the shape of a block_actions action (without block_id and action_id). */
      element: { type: string; [key: string]: unknown };
    }
  | { do: "submit"; viewId: string; values: StateValues }
  | { do: "close"; viewId: string; all?: boolean }
  /** A workflow of theirs comes to a step of the app. Not on the page: it has no Workflow Builder. */
  | { do: "run-step"; callbackId: string; inputs: Record<string, unknown> }
  | { do: "open-home" }
  | { do: "open-dm" }
  | { do: "invite-app"; channel: string }
  | { do: "remove-app"; channel: string }
  | { do: "archive"; channel: string; archived: boolean }
  | { do: "fault"; fault: Omit<FaultView, "id"> }
  | { do: "end-fault"; id?: string }
);

/** POST /sim/upload?as=U…&name=… with the bytes as application/octet-stream. */
export type Uploaded = FileView;

/** The answer to an act. `errors`: block_id → sentence, for a refused submission. `refused`: Slack's own sentence. */
export type Acted = { ok: true } | { ok: false; errors?: Record<string, string>; refused?: string };

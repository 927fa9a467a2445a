import type { MailView } from "./page/contract.ts";
import { openStore, type Store, type Table } from "./persistence.ts";
import type {
  Channel,
  Ephemeral,
  Install,
  Message,
  Person,
  ReadMark,
  ResponseUrl,
  SimFile,
  StepRun,
  View,
  Workspace,
} from "./records.ts";
import { seed } from "./seed.ts";

export type World = {
  /** As in Sim: the links of files begin with it. */
  origin: string;
  workspaces: Table<Workspace>;
  people: Table<Person>;
  channels: Table<Channel>;
  installs: Table<Install>;
  views: Table<View>;
  responseUrls: Table<ResponseUrl>;
  reads: Table<ReadMark>;
  files: Table<SimFile>;
  /** By the file's id. */
  fileBytes: Table<{ base64: string }>;
  stepRuns: Table<StepRun>;
  /** Oldest first. */
  mails: Table<MailView>;
  /** Events on their way to the app, by event_id. */
  events: Table<Record<string, unknown>>;
  messages: MessageLog;
  ephemerals: Ephemeral[];
  /** Slack's message time: seconds with microseconds, never twice the same, never backwards. */
  nextTs(): string;
  close(): void;
};

export type MessageLog = {
  get(channel: string, ts: string): Message | undefined;
  put(message: Message): void;
  remove(channel: string, ts: string): void;
  /** Oldest first, replies included. */
  in(channel: string): Message[];
  /** The replies of one thread, oldest first, without its root. */
  replies(channel: string, rootTs: string): Message[];
  all(): Message[];
};

/** The world of that file, or a freshly seeded one. */
export function openWorld(file?: string): World {
  const store = openStore(file);
  const messages = openMessages(store);
  const world: World = {
    origin: "",
    workspaces: store.table("workspace"),
    people: store.table("person"),
    channels: store.table("channel"),
    installs: store.table("install"),
    views: store.table("view"),
    responseUrls: store.table("response-url"),
    reads: store.table("read"),
    files: store.table("file"),
    fileBytes: store.table("file-bytes"),
    stepRuns: store.table("step-run"),
    mails: store.table("mail"),
    events: store.table("event"),
    messages,
    ephemerals: [],
    nextTs: countTs(messages.all()),
    close: store.close,
  };
  if (world.workspaces.values().length === 0) seed(world);
  return world;
}

function openMessages(store: Store): MessageLog {
  const table = store.table<Message>("message");
  const byChannel = new Map<string, Map<string, Message>>();
  const byThread = new Map<string, Map<string, Message>>();
  const index = (message: Message) => {
    logIn(byChannel, message.channel).set(message.ts, message);
    if (!message.threadTs) return;
    logIn(byThread, `${message.channel}/${message.threadTs}`).set(message.ts, message);
  };
  for (const message of table.values()) index(message);
  return {
    get: (channel, ts) => byChannel.get(channel)?.get(ts),
    put(message) {
      table.put(`${message.channel}/${message.ts}`, message);
      index(message);
    },
    remove(channel, ts) {
      table.remove(`${channel}/${ts}`);
      const threadTs = byChannel.get(channel)?.get(ts)?.threadTs;
      byThread.get(`${channel}/${threadTs}`)?.delete(ts);
      byChannel.get(channel)?.delete(ts);
    },
    in: (channel) => [...(byChannel.get(channel)?.values() ?? [])],
    replies: (channel, rootTs) => [...(byThread.get(`${channel}/${rootTs}`)?.values() ?? [])],
    all: () => table.values(),
  };
}

function logIn<T>(logs: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const log = logs.get(key) ?? new Map<string, T>();
  logs.set(key, log);
  return log;
}

function countTs(messages: Message[]): () => string {
  let last = messages.reduce((latest, message) => Math.max(latest, micros(message.ts)), 0);
  return () => {
    last = Math.max(last + 1, Date.now() * 1000);
    return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, "0")}`;
  };
}

function micros(ts: string): number {
  const [seconds = "0", fraction = "0"] = ts.split(".");
  return Number(seconds) * 1e6 + Number(fraction);
}

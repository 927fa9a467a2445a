import { openStore, type Store, type Table } from "./persistence.ts";
import type {
  Channel,
  Ephemeral,
  Install,
  Message,
  Person,
  ReadMark,
  ResponseUrl,
  View,
  Workspace,
} from "./records.ts";
import { seed } from "./seed.ts";

export type World = {
  workspaces: Table<Workspace>;
  people: Table<Person>;
  channels: Table<Channel>;
  installs: Table<Install>;
  views: Table<View>;
  responseUrls: Table<ResponseUrl>;
  reads: Table<ReadMark>;
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
  all(): Message[];
};

/** The world of that file, or a freshly seeded one. */
export function openWorld(file?: string): World {
  const store = openStore(file);
  const messages = openMessages(store);
  const world: World = {
    workspaces: store.table("workspace"),
    people: store.table("person"),
    channels: store.table("channel"),
    installs: store.table("install"),
    views: store.table("view"),
    responseUrls: store.table("response-url"),
    reads: store.table("read"),
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
  const channelLog = (channel: string) => {
    const log = byChannel.get(channel) ?? new Map<string, Message>();
    byChannel.set(channel, log);
    return log;
  };
  for (const message of table.values()) channelLog(message.channel).set(message.ts, message);
  return {
    get: (channel, ts) => byChannel.get(channel)?.get(ts),
    put(message) {
      table.put(`${message.channel}/${message.ts}`, message);
      channelLog(message.channel).set(message.ts, message);
    },
    remove(channel, ts) {
      table.remove(`${channel}/${ts}`);
      channelLog(channel).delete(ts);
    },
    in: (channel) => [...channelLog(channel).values()],
    all: () => table.values(),
  };
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

import { useLayoutEffect, useState } from "preact/hooks";
import { type Address, addressHash, readAddress } from "./address.ts";
import type { MessageView, World } from "./contract.ts";

/** A message on its way, shown before the server has it. */
export type Sending = {
  id: number;
  channel: string;
  threadTs: string | undefined;
  text: string;
  /** The newest message when it was sent: its own copy is later than this. */
  after: string;
};

export type Notice = { id: number; text: string };

export type State = {
  address: Address;
  world: World | undefined;
  /** By listKey; absent while never loaded. */
  lists: Record<string, MessageView[]>;
  sending: Sending[];
  /** Commands that wait for the app's answer. */
  running: { id: number; place: string; text: string }[];
  /** Modals the person has closed before the server says so. */
  closing: string[];
  link: "connecting" | "live" | "reconnecting";
  notices: Notice[];
};

let state: State = {
  address: readAddress(location.hash),
  world: undefined,
  lists: {},
  sending: [],
  running: [],
  closing: [],
  link: "connecting",
  notices: [],
};
const listeners = new Set<() => void>();
let lastId = 0;

export function current(): State {
  return state;
}

export function change(update: (state: State) => Partial<State>): void {
  state = { ...state, ...update(state) };
  for (const listener of listeners) listener();
}

export function useStore(): State {
  const [seen, see] = useState(state);
  useLayoutEffect(() => {
    const listener = () => see(state);
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return seen;
}

/** Moves to another person, place, thread or language; the browser's back button returns. */
export function go(to: Partial<Address>): void {
  const address = { ...state.address, ...to };
  change(() => ({ address }));
  if (addressHash(address) !== location.hash) location.hash = addressHash(address);
}

/** Writes down where one is without a step for the back button. */
export function settle(at: Partial<Address>): void {
  const address = { ...state.address, ...at };
  history.replaceState(null, "", addressHash(address));
  change(() => ({ address }));
}

export function listKey(channel: string, threadTs?: string): string {
  return threadTs ? `${channel}/${threadTs}` : channel;
}

export function nextId(): number {
  lastId += 1;
  return lastId;
}

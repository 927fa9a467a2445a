import type { Live } from "./contract.ts";
import { listen } from "./live.ts";
import { showNotice } from "./notices.ts";
import { placeOf } from "./places.ts";
import { fetchMessages, fetchWorld, NoAnswer } from "./requests.ts";
import { change, current, listKey, nextId, settle } from "./store.ts";

/** Who a newcomer begins as: the seeded requester. */
export const FIRST_PERSON = "U0HANA";

const answered = new Map<string, number>();

/** Keeps what this person sees fresh; returns the way to stop. */
export function follow(as: string): () => void {
  void refreshAll();
  return listen(as, {
    opened() {
      change(() => ({ link: "live" }));
      void refreshAll();
    },
    lost: () => change(() => ({ link: "reconnecting" })),
    heard: (live) => hear(live),
  });
}

export async function refreshAll(): Promise<void> {
  await refreshWorld();
  await refreshShown();
}

/** Loads the messages of the open channel and thread. */
export async function refreshShown(): Promise<void> {
  const { world, address } = current();
  if (!world) return;
  const place = placeOf(world, address.place);
  if (place === "home") return;
  await Promise.all([
    refreshMessages(place),
    address.thread ? refreshMessages(place, address.thread) : undefined,
  ]);
}

export async function refreshWorld(): Promise<void> {
  const { as } = current().address;
  if (!as) return;
  await quietly(async () => {
    const isNewest = ask("world");
    const world = await fetchWorld(as);
    if (current().address.as !== as || !isNewest()) return;
    change(() => ({ world }));
  });
}

export async function refreshMessages(channel: string, threadTs?: string): Promise<void> {
  const { as } = current().address;
  if (!as) return;
  const key = listKey(channel, threadTs);
  await quietly(async () => {
    const isNewest = ask(key);
    const messages = await fetchMessages(as, channel, threadTs);
    if (current().address.as !== as || !isNewest()) return;
    change(({ lists }) => ({ lists: { ...lists, [key]: messages } }));
  });
}

function hear(live: Live): void {
  switch (live.what) {
    case "notice":
      showNotice(live.text);
      return;
    case "world":
      void refreshWorld();
      return;
    case "messages": {
      void refreshHeard(live.channel, live.threadTs);
      return;
    }
    default:
      live satisfies never;
  }
}

async function refreshHeard(channel: string, threadTs: string | undefined): Promise<void> {
  const { world, address } = current();
  // Reply counts stand on the channel's own list; a thread may be open beside it.
  if (world && placeOf(world, address.place) === channel) {
    await refreshMessages(channel);
    if (address.thread && (!threadTs || threadTs === address.thread))
      await refreshMessages(channel, address.thread);
  }
  await refreshWorld();
}

/** Answers may overtake each other; one that a later question has overtaken is dropped. */
function ask(what: string): () => boolean {
  const mine = nextId();
  return () => {
    if ((answered.get(what) ?? 0) > mine) return false;
    answered.set(what, mine);
    return true;
  };
}

/** A lost connection is shown by the event stream, which refreshes everything when it is back. */
async function quietly(load: () => Promise<void>): Promise<void> {
  try {
    await load();
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (error.status === 404 && current().address.as !== FIRST_PERSON)
      settle({ as: FIRST_PERSON, place: undefined, thread: undefined });
  }
}

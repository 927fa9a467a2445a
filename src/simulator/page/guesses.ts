import type { MessageView } from "./contract.ts";
import type { State } from "./store.ts";
import { escapeText } from "./typed-text.ts";

type Lists = State["lists"];

/** What the lists will probably be once the server has changed one message. */
export function withEdit(lists: Lists, ts: string, text: string): Lists {
  return withMessage(lists, ts, (message) => ({
    ...message,
    text: escapeText(text),
    blocks: [],
    edited: true,
  }));
}

export function withoutMessage(lists: Lists, ts: string): Lists {
  return mapLists(lists, (messages) => messages.filter((message) => message.ts !== ts));
}

export function withReaction(lists: Lists, ts: string, name: string, userId: string): Lists {
  return withMessage(lists, ts, (message) => ({
    ...message,
    reactions: toggled(message.reactions, name, userId),
  }));
}

type Reactions = MessageView["reactions"];

function toggled(reactions: Reactions, name: string, userId: string): Reactions {
  const known = reactions.find((reaction) => reaction.name === name);
  if (!known) return [...reactions, { name, userIds: [userId] }];
  const userIds = known.userIds.includes(userId)
    ? known.userIds.filter((id) => id !== userId)
    : [...known.userIds, userId];
  return reactions
    .map((reaction) => (reaction.name === name ? { name, userIds } : reaction))
    .filter((reaction) => reaction.userIds.length > 0);
}

function withMessage(
  lists: Lists,
  ts: string,
  update: (message: MessageView) => MessageView,
): Lists {
  return mapLists(lists, (messages) =>
    messages.map((message) => (message.ts === ts ? update(message) : message)),
  );
}

function mapLists(lists: Lists, update: (messages: MessageView[]) => MessageView[]): Lists {
  return Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, update(list)]));
}

import { tellChanged, tellDeleted, tellPosted, tellReacted } from "./events.ts";
import { share } from "./files.ts";
import type { Content } from "./message-check.ts";
import { withIds } from "./normal-blocks.ts";
import type { Channel, Ephemeral, Install, Message, SimFile } from "./records.ts";
import type { Sim } from "./sim.ts";
import { messageJson } from "./slack-json.ts";

export type Draft = Pick<Message, "channel" | "userId" | "teamId"> &
  Partial<Message> &
  Pick<Message, "text">;

/** Puts a message into its channel and tells everyone who hears of it. */
export function post(sim: Sim, draft: Draft): Message {
  const message: Message = {
    reactions: [],
    ...draft,
    blocks: withIds(draft.blocks ?? []),
    ts: sim.world.nextTs(),
  };
  sim.world.messages.put(message);
  share(sim, message);
  tellPage(sim, message);
  tellPosted(sim, message);
  return message;
}

export function postAsApp(
  sim: Sim,
  install: Install,
  channel: Channel,
  content: Content & Partial<Message>,
): Message {
  return post(sim, {
    ...content,
    channel: channel.id,
    userId: install.botUserId,
    teamId: install.teamId,
    botId: install.botId,
  });
}

/** A message only one person sees; the app hears no event about it. */
export function postEphemeral(
  sim: Sim,
  install: Install,
  to: { channel: string; userId: string; threadTs?: string },
  content: Content,
): Ephemeral {
  const ephemeral: Ephemeral = {
    channel: to.channel,
    ...(to.threadTs && { threadTs: to.threadTs }),
    ts: sim.world.nextTs(),
    userId: install.botUserId,
    teamId: install.teamId,
    botId: install.botId,
    text: content.text,
    blocks: withIds(content.blocks),
    reactions: [],
    onlyFor: to.userId,
  };
  sim.world.ephemerals.push(ephemeral);
  tellPage(sim, ephemeral);
  return ephemeral;
}

export function removeEphemeral(sim: Sim, ephemeral: Ephemeral): void {
  sim.world.ephemerals = sim.world.ephemerals.filter((each) => each !== ephemeral);
  tellPage(sim, ephemeral);
}

export function change(sim: Sim, before: Message, next: Partial<Message>): Message {
  const message: Message = {
    ...before,
    ...next,
    blocks: next.blocks ? withIds(next.blocks) : before.blocks,
  };
  sim.world.messages.put(message);
  tellPage(sim, message);
  tellChanged(sim, message, messageJson(sim.world, before));
  return message;
}

/** A root with replies leaves a tombstone, as in Slack; anything else is gone. */
export function remove(sim: Sim, message: Message): void {
  const hasReplies = sim.world.messages.replies(message.channel, message.ts).length > 0;
  tellDeleted(sim, message);
  if (hasReplies) {
    const { metadata: _, ...rest } = message;
    sim.world.messages.put({ ...rest, text: "", blocks: [], reactions: [], tombstone: true });
  } else {
    sim.world.messages.remove(message.channel, message.ts);
  }
  tellPage(sim, message);
}

/** Nothing is left of it; messages that it stands in are told of as changed. */
export function loseFile(sim: Sim, { id }: Pick<SimFile, "id">): void {
  const file = sim.world.files.get(id);
  if (!file) return;
  const messages = file.shares.flatMap(
    ({ channel, ts }) => sim.world.messages.get(channel, ts) ?? [],
  );
  const before = messages.map((message) => messageJson(sim.world, message));
  sim.world.files.put(id, { ...file, mode: "deleted" });
  sim.world.fileBytes.remove(id);
  for (const [at, message] of messages.entries()) {
    tellPage(sim, message);
    tellChanged(sim, message, before[at] ?? {});
  }
}

/** The app hears of a reaction that is added, if it subscribes to that; the page always does. */
export function react(sim: Sim, message: Message, name: string, userId: string): void {
  const others = message.reactions.filter((each) => each.name !== name);
  const before = message.reactions.find((each) => each.name === name)?.userIds ?? [];
  const userIds = before.includes(userId)
    ? before.filter((id) => id !== userId)
    : [...before, userId];
  const reactions = userIds.length > 0 ? [...others, { name, userIds }] : others;
  sim.world.messages.put({ ...message, reactions });
  tellPage(sim, message);
  if (userIds.includes(userId)) tellReacted(sim, message, { name, userId });
}

function tellPage(sim: Sim, message: Message | Ephemeral): void {
  sim.changes.tell({
    what: "messages",
    channel: message.channel,
    ...(message.threadTs && { threadTs: message.threadTs }),
    ...("onlyFor" in message && { onlyFor: message.onlyFor }),
  });
}

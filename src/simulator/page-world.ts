import type {
  ChannelView,
  FileView,
  MessageView,
  ModalView,
  World as PageWorld,
  PersonView,
} from "./page/contract.ts";
import { permalinkOf } from "./permalink.ts";
import type { Channel, Ephemeral, Message, Person, SimFile, View } from "./records.ts";
import { installsIn } from "./see.ts";
import { APP_NAME } from "./seed.ts";
import type { Sim } from "./sim.ts";
import { homeOf, modalsOf } from "./views.ts";

/** All that one person sees, but for the messages. */
export function worldFor(sim: Sim, me: Person): PageWorld {
  const { world } = sim;
  const people = world.people.values();
  const install = world.installs.get(me.teamId);
  const isInstalled = install !== undefined && install.state !== "uninstalled";
  const home = install && homeOf(world, install, me.id);
  return {
    me: personView(me),
    workspaces: world.workspaces.values().map(({ id, name, role }) => ({ id, name, role })),
    people: people.filter((each) => !each.isBot && !each.deleted).map(personView),
    names: Object.fromEntries(people.map((each) => [each.id, each.name])),
    channels: channelsOf(sim, me).map((channel) => channelView(sim, channel, me)),
    commands: isInstalled ? sim.manifest.commands.map(({ escapes: _, ...rest }) => rest) : [],
    shortcuts: isInstalled ? sim.manifest.shortcuts : [],
    modals: modalsOf(world, me.id).map(modalView),
    ...(home && { home: { blocks: home.payload.blocks } }),
    faults: sim.faults.list(),
    ...(sim.mailbox && { mails: sim.mailbox.mails() }),
    delivery: sim.delivery.mode(),
  };
}

/** A channel's messages, or one thread's root and replies, oldest first. */
export function messagesFor(
  sim: Sim,
  me: Person,
  channelId: string,
  threadTs?: string,
): MessageView[] {
  const channel = sim.world.channels.get(channelId);
  if (!channel?.memberIds.includes(me.id)) return [];
  const all = sim.world.messages.in(channelId);
  const replies = countReplies(all);
  const own = sim.world.ephemerals.filter(
    (each) => each.channel === channelId && each.onlyFor === me.id,
  );
  const wanted = (message: Message) =>
    threadTs
      ? message.ts === threadTs || message.threadTs === threadTs
      : !message.threadTs || message.broadcast;
  return [...all, ...own]
    .filter(wanted)
    .sort((one, other) => (one.ts < other.ts ? -1 : 1))
    .map((message) => messageView(sim, message, replies.get(message.ts) ?? 0));
}

export function markRead(sim: Sim, me: Person, channel: string): void {
  const last = sim.world.messages.in(channel).at(-1);
  if (!last) return;
  const key = `${me.id}/${channel}`;
  if (sim.world.reads.get(key)?.ts === last.ts) return;
  sim.world.reads.put(key, { userId: me.id, channel, ts: last.ts });
}

export function channelsOf(sim: Sim, me: Person): Channel[] {
  return sim.world.channels.values().filter((channel) => channel.memberIds.includes(me.id));
}

export function messageView(
  sim: Sim,
  message: Message | Ephemeral,
  replyCount: number,
): MessageView {
  return {
    channel: message.channel,
    ts: message.ts,
    ...(message.threadTs && { threadTs: message.threadTs }),
    userId: message.userId,
    ...(message.username && { username: message.username }),
    ...(message.iconUrl?.startsWith(`${sim.origin}/`) && { pictureUrl: message.iconUrl }),
    text: message.tombstone ? "_This message was deleted._" : message.text,
    blocks: message.blocks,
    files: (message.fileIds ?? []).flatMap((id) => fileView(sim.world.files.get(id))),
    edited: message.edited !== undefined && message.botId === undefined,
    replyCount,
    reactions: message.reactions,
    ephemeral: "onlyFor" in message,
    permalink: permalinkOf(sim, message),
  };
}

function fileView(file: SimFile | undefined): FileView[] {
  return file && file.mode !== "deleted" ? [{ id: file.id, name: file.name, size: file.size }] : [];
}

export function modalView(view: View): ModalView {
  const { title, submit, close, blocks } = view.payload;
  return {
    id: view.id,
    hash: view.hash,
    title: title?.text ?? "",
    ...(submit && { submit: submit.text }),
    ...(close && { close: close.text }),
    blocks,
    values: view.values,
  };
}

function personView(person: Person): PersonView {
  const { id, teamId, name, title, kind, locale } = person;
  return { id, teamId, name, title, kind, locale };
}

function channelView(sim: Sim, channel: Channel, me: Person): ChannelView {
  return {
    id: channel.id,
    teamId: channel.teamId,
    kind: channel.kind,
    name: channel.kind === "dm" ? APP_NAME : channel.name,
    isShared: channel.connectedTeamIds.length > 0,
    isArchived: channel.isArchived,
    appIsMember: installsIn(sim.world, channel).length > 0,
    memberIds: channel.memberIds,
    unread: unreadBy(sim, channel, me),
  };
}

function unreadBy(sim: Sim, channel: Channel, me: Person): number {
  const read = sim.world.reads.get(`${me.id}/${channel.id}`)?.ts ?? "";
  return sim.world.messages
    .in(channel.id)
    .filter((message) => message.ts > read && message.userId !== me.id && !message.threadTs).length;
}

function countReplies(messages: Message[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { threadTs } of messages) {
    if (threadTs) counts.set(threadTs, (counts.get(threadTs) ?? 0) + 1);
  }
  return counts;
}

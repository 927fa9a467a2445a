import { randomUUID } from "node:crypto";
import { runCommand } from "./act-command.ts";
import { channelFor, chosenFile, messageFor, Refused, writableFor } from "./act-place.ts";
import { change, post, react, remove } from "./messages.ts";
import type { Message, Person } from "./records.ts";
import type { Sim } from "./sim.ts";
import { notACommand, notInThreads } from "./slack-words.ts";
import { asSlackText } from "./typed-text.ts";

type Place = { channel: string; threadTs?: string };
type Sent = { text: string; files?: string[] };

/** What a person types and sends, with files they chose before; a line that starts with a slash is a command. */
export async function send(
  sim: Sim,
  person: Person,
  to: Place,
  { text, files = [] }: Sent,
): Promise<Message | undefined> {
  const channel = writableFor(sim, person, to.channel);
  const typed = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
  if (typed) {
    const [, command = "", rest = ""] = typed;
    await sendCommand(sim, person, to, command, rest);
    return undefined;
  }
  if (text.trim() === "" && files.length === 0) throw new Refused("There is nothing to send.");
  if (to.threadTs) messageFor(sim, { channel: channel.id, ts: to.threadTs });
  return post(sim, {
    channel: channel.id,
    ...(to.threadTs && { threadTs: to.threadTs }),
    userId: person.id,
    teamId: person.teamId,
    text: asSlackText(sim.world, channel, text),
    clientMsgId: randomUUID(),
    ...(files.length > 0 && { fileIds: files.map((id) => chosenFile(sim, person, id).id) }),
  });
}

async function sendCommand(
  sim: Sim,
  person: Person,
  to: Place,
  command: string,
  text: string,
): Promise<void> {
  const isOurs = sim.manifest.commands.some((each) => each.command === command);
  if (to.threadTs && isOurs) throw new Refused(notInThreads(command));
  if (!isOurs) throw new Refused(notACommand(command));
  await runCommand(sim, person, { channel: to.channel, command, text });
}

export function edit(
  sim: Sim,
  person: Person,
  at: { channel: string; ts: string },
  text: string,
): void {
  const channel = writableFor(sim, person, at.channel);
  const message = messageFor(sim, at);
  if (message.userId !== person.id) throw new Refused("You can only edit your own messages.");
  const edited = { user: person.id, ts: sim.world.nextTs() };
  change(sim, message, { text: asSlackText(sim.world, channel, text), edited });
}

/** One's own message; an admin of the channel's workspace may delete any, the app's too. */
export function erase(sim: Sim, person: Person, at: { channel: string; ts: string }): void {
  const channel = channelFor(sim, person, at.channel);
  const ephemeral = sim.world.ephemerals.find(
    (each) => each.ts === at.ts && each.onlyFor === person.id,
  );
  if (ephemeral) {
    sim.world.ephemerals = sim.world.ephemerals.filter((each) => each !== ephemeral);
    sim.changes.tell({ what: "messages", channel: channel.id, onlyFor: person.id });
    return;
  }
  const message = messageFor(sim, at);
  const isAdmin = person.isAdmin && person.teamId === channel.teamId;
  if (message.userId !== person.id && !isAdmin)
    throw new Refused("You can only delete your own messages.");
  remove(sim, message);
}

export function toggleReaction(
  sim: Sim,
  person: Person,
  at: { channel: string; ts: string },
  name: string,
): void {
  writableFor(sim, person, at.channel);
  react(sim, messageFor(sim, at), name.replaceAll(":", ""), person.id);
}

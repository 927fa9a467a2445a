import type { Channel, Message, Person, SimFile } from "./records.ts";
import type { Sim } from "./sim.ts";

/** Slack's refusal of what a person tries, in the words the person reads. */
export class Refused extends Error {}

export function personOf(sim: Sim, id: string): Person {
  const person = sim.world.people.get(id);
  if (!person || person.isBot) throw new Refused(`There is no person ${id}.`);
  if (person.deleted) throw new Refused("This account has been deactivated.");
  return person;
}

/** A channel the person is in. */
export function channelFor(sim: Sim, person: Person, id: string): Channel {
  const channel = sim.world.channels.get(id);
  if (!channel?.memberIds.includes(person.id)) throw new Refused(`${person.name} is not in ${id}.`);
  return channel;
}

export function writableFor(sim: Sim, person: Person, id: string): Channel {
  const channel = channelFor(sim, person, id);
  if (channel.isArchived) throw new Refused("This channel has been archived.");
  return channel;
}

/** What this person has chosen on the page. */
export function chosenFile(sim: Sim, person: Person, id: string): SimFile {
  const file = sim.world.files.get(id);
  if (file?.userId !== person.id) throw new Refused("This file is not there any more.");
  return file;
}

export function messageFor(sim: Sim, at: { channel: string; ts: string }): Message {
  const message = sim.world.messages.get(at.channel, at.ts);
  if (!message || message.tombstone) throw new Refused("This message was deleted.");
  return message;
}

import type { Channel, Install, Message, Person } from "./records.ts";
import { installOf, installsIn } from "./see.ts";
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

export function messageFor(sim: Sim, at: { channel: string; ts: string }): Message {
  const message = sim.world.messages.get(at.channel, at.ts);
  if (!message || message.tombstone) throw new Refused("This message was deleted.");
  return message;
}

/** The app as this person meets it here: in their own workspace, or in the channel's. */
export function installFor(sim: Sim, person: Person, channel?: Channel): Install | undefined {
  const own = installOf(sim.world, person.teamId);
  if (own) return own;
  return channel && installsIn(sim.world, channel)[0];
}

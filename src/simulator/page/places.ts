import type { ChannelView, World } from "./contract.ts";

/** Where the person is: the wanted place if they can see it, else the one to begin in. */
export function placeOf(world: World, wanted: string | undefined): string {
  if (wanted === "home") return "home";
  if (world.channels.some((channel) => channel.id === wanted)) return wanted ?? "home";
  return firstChannel(world)?.id ?? "home";
}

/** Agents begin where triage cards arrive, others where the app answers. */
export function firstChannel(world: World): ChannelView | undefined {
  const kinds: ChannelView["kind"][] =
    world.me.kind === "agent" ? ["private", "channel"] : ["channel", "private"];
  return kinds
    .flatMap((kind) => world.channels.filter((channel) => channel.kind === kind))
    .sort((one, other) => Number(other.appIsMember) - Number(one.appIsMember))[0];
}

export function directMessage(world: World): ChannelView | undefined {
  return world.channels.find((channel) => channel.kind === "dm");
}

export function channelLabel(channel: ChannelView): string {
  return channel.kind === "dm" ? channel.name : `#${channel.name}`;
}

import type { Channel, Install, Person } from "./records.ts";
import type { World } from "./world.ts";

/** Who sees and who is in what. */

export function installOf(world: World, teamId: string): Install | undefined {
  return world.installs.get(teamId);
}

/** The workspaces a channel exists in. */
export function teamsOf(channel: Channel): string[] {
  return [channel.teamId, ...channel.connectedTeamIds];
}

export function appIsIn(world: World, channel: Channel, teamId: string): boolean {
  const install = installOf(world, teamId);
  return install !== undefined && channel.memberIds.includes(install.botUserId);
}

/** The installations that hear what happens in a channel. */
export function installsIn(world: World, channel: Channel): Install[] {
  return teamsOf(channel).flatMap((teamId) => {
    const install = installOf(world, teamId);
    return install && channel.memberIds.includes(install.botUserId) ? [install] : [];
  });
}

export function dmOf(world: World, install: Install, userId: string): Channel | undefined {
  return world.channels
    .values()
    .find((each) => each.kind === "dm" && hasBoth(each, install.botUserId, userId));
}

export function openDm(world: World, install: Install, userId: string): Channel {
  const open = dmOf(world, install, userId);
  if (open) return open;
  const dm: Channel = {
    id: `D0${install.teamId.slice(2)}${userId.slice(2)}`,
    teamId: install.teamId,
    name: "directmessage",
    kind: "dm",
    isArchived: false,
    memberIds: [userId, install.botUserId],
    connectedTeamIds: [],
  };
  world.channels.put(dm.id, dm);
  return dm;
}

/** Whether a workspace knows this person: its own, or a stranger in a channel it shares. */
export function knows(world: World, teamId: string, person: Person): boolean {
  if (person.teamId === teamId) return true;
  return world.channels
    .values()
    .some((channel) => teamsOf(channel).includes(teamId) && channel.memberIds.includes(person.id));
}

function hasBoth(channel: Channel, one: string, other: string): boolean {
  return channel.memberIds.includes(one) && channel.memberIds.includes(other);
}

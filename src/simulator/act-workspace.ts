import { channelFor, Refused } from "./act-place.ts";
import { tellInstall, tellJoined } from "./events.ts";
import type { Channel, Install, Person } from "./records.ts";
import { openDm, teamsOf } from "./see.ts";
import type { Sim } from "./sim.ts";
import { viewJson } from "./slack-json.ts";
import { homeOf } from "./views.ts";

/** Opens the app's Home or Messages tab; the app hears app_home_opened. */
export function openApp(sim: Sim, person: Person, tab: "home" | "messages"): Channel {
  const install = ownInstall(sim, person);
  const dm = openDm(sim.world, install, person.id);
  const home = homeOf(sim.world, install, person.id);
  tellInstall(sim, install, "app_home_opened", {
    type: "app_home_opened",
    user: person.id,
    channel: dm.id,
    tab,
    ...(tab === "home" && home && { view: viewJson(home, install) }),
    event_ts: sim.world.nextTs(),
  });
  sim.changes.tell({ what: "world" });
  return dm;
}

export function inviteApp(sim: Sim, person: Person, channelId: string): void {
  const channel = channelFor(sim, person, channelId);
  if (channel.kind === "dm") throw new Refused("An app cannot be invited to a DM.");
  const install = teamsOf(channel)
    .map((teamId) => sim.world.installs.get(teamId))
    .find((each) => each?.state === "installed");
  if (!install) throw new Refused("This app is not installed here.");
  if (channel.memberIds.includes(install.botUserId)) return;
  const next = { ...channel, memberIds: [...channel.memberIds, install.botUserId] };
  keep(sim, next);
  tellJoined(sim, next, install.botUserId, person.id);
}

export function removeApp(sim: Sim, person: Person, channelId: string): void {
  const channel = channelFor(sim, person, channelId);
  if (channel.kind === "dm") throw new Refused("An app cannot leave its DM.");
  const bots = sim.world.installs.values().map((install) => install.botUserId);
  keep(sim, { ...channel, memberIds: channel.memberIds.filter((id) => !bots.includes(id)) });
}

export function archive(sim: Sim, person: Person, channelId: string, archived: boolean): void {
  const channel = channelFor(sim, person, channelId);
  if (channel.kind === "dm") throw new Refused("A DM cannot be archived.");
  keep(sim, { ...channel, isArchived: archived });
}

export function ownInstall(sim: Sim, person: Person): Install {
  const install = sim.world.installs.get(person.teamId);
  if (!install || install.state === "uninstalled")
    throw new Refused("This app is not installed in your workspace.");
  return install;
}

function keep(sim: Sim, channel: Channel): void {
  sim.world.channels.put(channel.id, channel);
  sim.changes.tell({ what: "world" });
}

import { beginStep } from "./act-step.ts";
import { tellInstall, tellJoined } from "./events.ts";
import { bytesOf, keepBytes } from "./files.ts";
import { loseFile } from "./messages.ts";
import type {
  Channel,
  Ephemeral,
  Install,
  Message,
  Person,
  SimFile,
  StepRun,
  View,
} from "./records.ts";
import type { Sim } from "./sim.ts";

/** The world as a test sees and changes it, past what any person may do. */
export type WorldAccess = {
  messages(channel?: string): Message[];
  thread(channel: string, rootTs: string): Message[];
  ephemerals(): Ephemeral[];
  views(): View[];
  channels(): Channel[];
  channel(id: string): Channel;
  person(id: string): Person;
  changePerson(id: string, next: Partial<Person>): void;
  changeChannel(id: string, next: Partial<Channel>): void;
  setAdmin(id: string, isAdmin: boolean): void;
  deactivate(id: string): void;
  archive(channel: string, archived?: boolean): void;
  inviteApp(channel: string): void;
  removeApp(channel: string): void;
  deleteMessage(channel: string, ts: string): void;
  files(): SimFile[];
  file(id: string): SimFile & { bytes: Buffer | undefined };
  changeFile(id: string, next: Partial<SimFile>): void;
  changeBytes(id: string, bytes: string): void;
  /** As if its owner deleted it. */
  deleteFile(id: string): void;
  revokeToken(teamId: string): void;
  restoreToken(teamId: string): void;
  uninstall(teamId: string): void;
  /** A workflow of that workspace comes to a step of the app; its run. */
  runStep(teamId: string, callbackId: string, inputs: Record<string, unknown>): StepRun;
  stepRun(id: string): StepRun;
};

export function worldAccess(sim: Sim): WorldAccess {
  const { world } = sim;
  const changed = () => sim.changes.tell({ what: "world" });
  const channel = (id: string) => found(world.channels.get(id), id);
  const person = (id: string) => found(world.people.get(id), id);
  const changePerson = (id: string, next: Partial<Person>) => {
    world.people.put(id, { ...person(id), ...next });
    changed();
  };
  const changeChannel = (id: string, next: Partial<Channel>) => {
    world.channels.put(id, { ...channel(id), ...next });
    changed();
  };
  return {
    messages: (id) => (id ? world.messages.in(id) : world.messages.all()),
    thread: world.messages.replies,
    ephemerals: () => world.ephemerals,
    views: () => world.views.values(),
    channels: () => world.channels.values(),
    channel,
    person,
    changePerson,
    changeChannel,
    setAdmin: (id, isAdmin) => changePerson(id, { isAdmin }),
    deactivate: (id) => changePerson(id, { deleted: true }),
    archive: (id, isArchived = true) => changeChannel(id, { isArchived }),
    inviteApp(id) {
      const { botUserId } = found(world.installs.get(channel(id).teamId), channel(id).teamId);
      if (channel(id).memberIds.includes(botUserId)) return;
      changeChannel(id, { memberIds: [...channel(id).memberIds, botUserId] });
      tellJoined(sim, channel(id), botUserId, channel(id).memberIds[0] ?? "");
    },
    removeApp: (id) => changeChannel(id, { memberIds: withoutBots(sim, channel(id)) }),
    deleteMessage(id, ts) {
      world.messages.remove(id, ts);
      sim.changes.tell({ what: "messages", channel: id });
    },
    files: () => world.files.values(),
    file: (id) => ({ ...found(world.files.get(id), id), bytes: bytesOf(sim, { id }) }),
    changeFile: (id, next) => world.files.put(id, { ...found(world.files.get(id), id), ...next }),
    changeBytes: (id, bytes) => keepBytes(sim, { id }, Buffer.from(bytes)),
    deleteFile: (id) => loseFile(sim, { id }),
    revokeToken: (teamId) => setState(sim, teamId, "revoked"),
    restoreToken: (teamId) => setState(sim, teamId, "installed"),
    uninstall: (teamId) => setState(sim, teamId, "uninstalled"),
    runStep(teamId, callbackId, inputs) {
      return beginStep(sim, found(world.installs.get(teamId), teamId), { callbackId, inputs });
    },
    stepRun: (id) => found(world.stepRuns.get(id), id),
  };
}

/** The app hears tokens_revoked, and app_uninstalled when it is gone altogether. */
function setState(sim: Sim, teamId: string, state: Install["state"]): void {
  const install = found(sim.world.installs.get(teamId), teamId);
  sim.world.installs.put(teamId, { ...install, state });
  sim.changes.tell({ what: "world" });
  if (state === "installed") return;
  if (state === "uninstalled")
    tellInstall(sim, install, "app_uninstalled", { type: "app_uninstalled" });
  tellInstall(sim, install, "tokens_revoked", {
    type: "tokens_revoked",
    tokens: { oauth: [], bot: [install.botUserId] },
  });
}

function withoutBots(sim: Sim, channel: Channel): string[] {
  const bots = sim.world.installs.values().map((install) => install.botUserId);
  return channel.memberIds.filter((id) => !bots.includes(id));
}

function found<T>(record: T | undefined, id: string): T {
  if (record === undefined) throw new Error(`The simulator has no ${id}.`);
  return record;
}

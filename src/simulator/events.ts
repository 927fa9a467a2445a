import { newId, newSecret } from "./ids.ts";
import type { Channel, Install, Message } from "./records.ts";
import { installsIn } from "./see.ts";
import { APP_ID, VERIFICATION_TOKEN } from "./seed.ts";
import type { Sim } from "./sim.ts";
import { messageJson } from "./slack-json.ts";

type Event = Record<string, unknown> & { type: string };

const CHANNEL_TYPE = { channel: "channel", private: "group", dm: "im" } as const;
const MESSAGE_EVENT = {
  channel: "message.channels",
  private: "message.groups",
  dm: "message.im",
} as const;

/** A new message, to every installation that is in its channel. */
export function tellPosted(sim: Sim, message: Message): void {
  const event = {
    ...messageJson(sim.world, message),
    ...connectedTeams(sim, message),
    event_ts: message.ts,
  };
  tellMessage(sim, message, { ...event, type: "message" });
  tellMentioned(sim, message, event);
}

/** Beside the message, to the app that it names; in a DM with the app there is nobody else to name. */
function tellMentioned(sim: Sim, message: Message, event: Record<string, unknown>): void {
  const channel = sim.world.channels.get(message.channel);
  if (!channel || channel.kind === "dm") return;
  for (const install of installsIn(sim.world, channel)) {
    const isNamed = message.text.includes(`<@${install.botUserId}>`);
    if (install.state !== "installed" || !isNamed || message.botId === install.botId) continue;
    tellInstall(
      sim,
      install,
      "app_mention",
      { ...event, type: "app_mention", channel: channel.id },
      { teamId: message.teamId, isShared: channel.connectedTeamIds.length > 0 },
    );
  }
}

/** `before`: in Slack's words. */
export function tellChanged(sim: Sim, message: Message, before: Record<string, unknown>): void {
  const ts = sim.world.nextTs();
  tellMessage(sim, message, {
    type: "message",
    subtype: "message_changed",
    hidden: true,
    message: { ...messageJson(sim.world, message), ...connectedTeams(sim, message) },
    previous_message: before,
    ts,
    event_ts: ts,
  });
}

export function tellDeleted(sim: Sim, before: Message): void {
  const ts = sim.world.nextTs();
  tellMessage(sim, before, {
    type: "message",
    subtype: "message_deleted",
    hidden: true,
    deleted_ts: before.ts,
    previous_message: messageJson(sim.world, before),
    ts,
    event_ts: ts,
  });
}

export function tellReacted(
  sim: Sim,
  message: Message,
  reaction: { name: string; userId: string },
): void {
  const channel = sim.world.channels.get(message.channel);
  for (const install of channel ? installsIn(sim.world, channel) : []) {
    if (install.state !== "installed") continue;
    tellInstall(sim, install, "reaction_added", {
      type: "reaction_added",
      user: reaction.userId,
      reaction: reaction.name,
      item: { type: "message", channel: message.channel, ts: message.ts },
      item_user: message.userId,
      event_ts: sim.world.nextTs(),
    });
  }
}

export function tellJoined(sim: Sim, channel: Channel, userId: string, inviter: string): void {
  for (const install of installsIn(sim.world, channel)) {
    tellInstall(sim, install, "member_joined_channel", {
      type: "member_joined_channel",
      user: userId,
      channel: channel.id,
      channel_type: channel.kind === "private" ? "G" : "C",
      team: channel.teamId,
      inviter,
      event_ts: sim.world.nextTs(),
    });
  }
}

/** One event to one installation, if the manifest subscribes to it. */
export function tellInstall(
  sim: Sim,
  install: Install,
  subscription: string,
  event: Event,
  about: { teamId?: string; isShared?: boolean } = {},
): void {
  if (sim.manifest.events.includes(subscription)) deliver(sim, install, event, about);
}

/** A workflow has come to a step of the app: nobody subscribes to this, the step brings it along. */
export function tellStep(
  sim: Sim,
  install: Install,
  step: { callbackId: string; executionId: string; inputs: Record<string, unknown> },
): void {
  deliver(sim, install, {
    type: "function_executed",
    function: { id: newId("Fn", 10), callback_id: step.callbackId, type: "app", app_id: APP_ID },
    inputs: step.inputs,
    function_execution_id: step.executionId,
    workflow_execution_id: newId("Wx", 10),
    event_ts: sim.world.nextTs(),
    bot_access_token: `xwfp-${newSecret(24)}`,
  });
}

function deliver(
  sim: Sim,
  install: Install,
  event: Event,
  about: { teamId?: string; isShared?: boolean } = {},
): void {
  sim.delivery.event({
    token: VERIFICATION_TOKEN,
    team_id: about.teamId ?? install.teamId,
    context_team_id: install.teamId,
    context_enterprise_id: null,
    api_app_id: APP_ID,
    event,
    type: "event_callback",
    event_id: newId("Ev", 10),
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: install.teamId,
        user_id: install.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: about.isShared ?? false,
    event_context: `4-${newSecret(24)}`,
  });
}

function tellMessage(sim: Sim, message: Message, event: Event): void {
  const channel = sim.world.channels.get(message.channel);
  if (!channel) return;
  for (const install of installsIn(sim.world, channel)) {
    if (install.state !== "installed") continue;
    tellInstall(
      sim,
      install,
      MESSAGE_EVENT[channel.kind],
      { ...event, channel: channel.id, channel_type: CHANNEL_TYPE[channel.kind] },
      // In a shared channel the envelope names the author's workspace; context_team_id names ours.
      { teamId: message.teamId, isShared: channel.connectedTeamIds.length > 0 },
    );
  }
}

function connectedTeams(sim: Sim, message: Message): Record<string, unknown> {
  const channel = sim.world.channels.get(message.channel);
  if (!channel || channel.connectedTeamIds.length === 0) return {};
  return { user_team: message.teamId, source_team: message.teamId };
}

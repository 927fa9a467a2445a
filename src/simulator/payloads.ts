import type { Payload } from "./http-delivery.ts";
import type { Channel, Install, Message, Person, View } from "./records.ts";
import { APP_ID, VERIFICATION_TOKEN } from "./seed.ts";
import type { Sim } from "./sim.ts";
import { messageJson, viewJson } from "./slack-json.ts";
import type { Trigger } from "./triggers.ts";

/** What the app receives when a person does something. */

type Doer = { sim: Sim; person: Person; install: Install };

export function commandPayload(
  { sim, person, install }: Doer,
  at: { channel: Channel; command: string; text: string; trigger: Trigger; responseUrl: string },
): Payload {
  return {
    token: VERIFICATION_TOKEN,
    team_id: install.teamId,
    team_domain: sim.world.workspaces.get(install.teamId)?.domain ?? "",
    channel_id: at.channel.id,
    channel_name: commandChannelName(at.channel),
    user_id: person.id,
    user_name: person.name.toLowerCase(),
    command: at.command,
    text: at.text,
    api_app_id: APP_ID,
    is_enterprise_install: "false",
    response_url: at.responseUrl,
    trigger_id: at.trigger.id,
  };
}

export function viewPayload(
  doer: Doer,
  type: "view_submission" | "view_closed",
  view: View,
  more: Payload,
): Payload {
  return {
    type,
    // The person's own workspace; view.app_installed_team_id says where the app is.
    ...common(doer, doer.person.teamId),
    view: viewJson(view, doer.install),
    ...more,
  };
}

export function viewActionPayload(
  doer: Doer,
  view: View,
  trigger: Trigger,
  action: Payload,
): Payload {
  return {
    type: "block_actions",
    ...common(doer, doer.install.teamId),
    container: { type: "view", view_id: view.id },
    trigger_id: trigger.id,
    view: viewJson(view, doer.install),
    actions: [action],
  };
}

export function messageActionPayload(
  doer: Doer,
  on: { channel: Channel; message: Message; isEphemeral: boolean },
  from: { trigger: Trigger; responseUrl: string; state: unknown },
  action: Payload,
): Payload {
  const { channel, message, isEphemeral } = on;
  return {
    type: "block_actions",
    ...common(doer, doer.install.teamId),
    container: {
      type: "message",
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs && { thread_ts: message.threadTs }),
    },
    trigger_id: from.trigger.id,
    channel: { id: channel.id, name: commandChannelName(channel) },
    // Slack keeps no copy of an ephemeral message and sends none.
    ...(!isEphemeral && { message: messageJson(doer.sim.world, message) }),
    state: { values: from.state },
    response_url: from.responseUrl,
    actions: [action],
  };
}

/** What people reach through Slack's own menus: with a message, and so with a place to answer, or with neither. */
export function shortcutPayload(
  doer: Doer,
  shortcut: { callbackId: string; trigger: Trigger },
  on?: { channel: Channel; message: Message; responseUrl: string },
): Payload {
  const same = {
    ...common(doer, doer.install.teamId),
    callback_id: shortcut.callbackId,
    trigger_id: shortcut.trigger.id,
    action_ts: (Date.now() / 1000).toFixed(6),
  };
  if (!on) return { type: "shortcut", ...same };
  return {
    type: "message_action",
    ...same,
    channel: { id: on.channel.id, name: commandChannelName(on.channel) },
    message_ts: on.message.ts,
    message: messageJson(doer.sim.world, on.message),
    response_url: on.responseUrl,
  };
}

function common({ sim, person }: Doer, teamId: string): Payload {
  const name = person.name.toLowerCase();
  return {
    team: { id: teamId, domain: sim.world.workspaces.get(teamId)?.domain ?? "" },
    user: { id: person.id, username: name, name, team_id: person.teamId },
    api_app_id: APP_ID,
    token: VERIFICATION_TOKEN,
    enterprise: null,
    is_enterprise_install: false,
  };
}

function commandChannelName(channel: Channel): string {
  if (channel.kind === "dm") return "directmessage";
  return channel.kind === "private" ? "privategroup" : channel.name;
}

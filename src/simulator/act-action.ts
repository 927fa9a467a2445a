import { messageFor, Refused, writableFor } from "./act-place.ts";
import { type Fields, isFields } from "./block-rules.ts";
import { elementsOf } from "./blocks-check.ts";
import { offeredOptions } from "./element-rules.ts";
import type { Ack } from "./http-delivery.ts";
import type { Act, Block, ElementState, StateValues } from "./page/contract.ts";
import { messageActionPayload, viewActionPayload } from "./payloads.ts";
import type { Ephemeral, Install, Message, Person, View } from "./records.ts";
import { newResponseUrl } from "./response-urls.ts";
import type { Sim } from "./sim.ts";
import { MODAL_TROUBLE, pressError } from "./slack-words.ts";
import type { Trigger } from "./triggers.ts";
import { keepTyped } from "./typed-values.ts";
import { stateFieldOf, stateOf } from "./view-state.ts";
import { homeOf } from "./views.ts";

export type ActionAct = Omit<Extract<Act, { do: "action" }>, "as" | "do">;

/** A press or a choice; returns its trigger, or refuses with what Slack shows. */
export async function doAction(sim: Sim, person: Person, act: ActionAct): Promise<Trigger> {
  if ("message" in act.at) return actOnMessage(sim, person, act, act.at.message);
  const view = "home" in act.at ? homeFor(sim, person) : viewFor(sim, person, act.at.viewId);
  return actOnView(sim, person, act, view, "values" in act.at ? act.at.values : {});
}

async function actOnMessage(
  sim: Sim,
  person: Person,
  act: ActionAct,
  at: { channel: string; ts: string },
): Promise<Trigger> {
  const channel = writableFor(sim, person, at.channel);
  const message = ephemeralFor(sim, person, at.ts) ?? messageFor(sim, at);
  const isEphemeral = "onlyFor" in message;
  const install = installBehind(sim, message);
  const state = stateOf(message.blocks, typedHere(act));
  const action = actionJson(act, message.blocks);
  const trigger = sim.triggers.issue({ teamId: install.teamId, userId: person.id });
  const { url } = newResponseUrl(sim, {
    teamId: install.teamId,
    channel: channel.id,
    userId: person.id,
    messageTs: message.ts,
    ...(message.threadTs && { threadTs: message.threadTs }),
    ...(isEphemeral && { onEphemeral: true }),
  });
  const payload = messageActionPayload(
    { sim, person, install },
    { channel, message, isEphemeral },
    { trigger, responseUrl: url, state },
    action,
  );
  refuseFailed(pressError(await sim.delivery.interact("interactive", payload)));
  return trigger;
}

async function actOnView(
  sim: Sim,
  person: Person,
  act: ActionAct,
  view: View,
  typed: StateValues,
): Promise<Trigger> {
  const install = sim.world.installs.get(view.teamId);
  if (!install) throw new Refused(MODAL_TROUBLE);
  const action = actionJson(act, view.payload.blocks);
  const filled = keepTyped(sim, view, { ...typed, ...mergedHere(act, typed) });
  const trigger = sim.triggers.issue({
    teamId: install.teamId,
    userId: person.id,
    ...(view.payload.type === "modal" && { viewId: view.id }),
  });
  const payload = viewActionPayload({ sim, person, install }, filled, trigger, action);
  const ack: Ack = await sim.delivery.interact("interactive", payload);
  if (ack.got !== "answer") throw new Refused(MODAL_TROUBLE);
  return trigger;
}

/** The action as the app receives it; only what the block really offers. */
function actionJson(act: ActionAct, blocks: Block[]): Fields {
  const block = blocks.find((each) => each.block_id === act.blockId);
  const element = block && elementsOf(block).find((each) => each.action_id === act.actionId);
  if (!block || !element || element.type !== act.element.type)
    throw new Refused(`There is no ${act.actionId} to press here.`);
  const same = { type: element.type, block_id: act.blockId, action_id: act.actionId };
  const action_ts = (Date.now() / 1000).toFixed(6);
  if (element.type === "button" || element.type === "workflow_button") {
    const { text, value, style, url } = element;
    return { ...same, ...defined({ text, value, style, url }), action_ts };
  }
  refuseForeignOption(element, act.element);
  const { type: _, ...held } = act.element;
  return { ...same, ...held, ...initialOf(element), action_ts };
}

function refuseForeignOption(element: Fields, held: Fields): void {
  const offered = offeredOptions(element);
  if (offered.length === 0) return;
  const chosen = [held.selected_option, held.selected_options].flat().filter(isFields);
  const foreign = chosen.find((each) => !offered.some((option) => option.value === each.value));
  if (foreign) throw new Refused(`There is no option ${String(foreign.value)} here.`);
}

function initialOf(element: Fields): Fields {
  const names = Object.keys(element).filter((name) => name.startsWith("initial_"));
  return Object.fromEntries(names.map((name) => [name, element[name]]));
}

/** The element's own new state, where it has one. */
function typedHere(act: ActionAct): StateValues {
  const field = stateFieldOf(act.element.type);
  if (!field) return {};
  const state: ElementState = { type: act.element.type, [field]: act.element[field] };
  return { [act.blockId]: { [act.actionId]: state } };
}

function mergedHere(act: ActionAct, typed: StateValues): StateValues {
  const here = typedHere(act)[act.blockId];
  return here ? { [act.blockId]: { ...typed[act.blockId], ...here } } : {};
}

function ephemeralFor(sim: Sim, person: Person, ts: string): Ephemeral | undefined {
  return sim.world.ephemerals.find((each) => each.ts === ts && each.onlyFor === person.id);
}

function installBehind(sim: Sim, message: Message): Install {
  const install = sim.world.installs.get(message.teamId);
  if (!install || install.botId !== message.botId || install.state === "uninstalled")
    throw new Refused("This app is not installed here.");
  return install;
}

function viewFor(sim: Sim, person: Person, id: string): View {
  const view = sim.world.views.get(id);
  if (!view || view.userId !== person.id) throw new Refused("This modal is closed.");
  return view;
}

function homeFor(sim: Sim, person: Person): View {
  const install = sim.world.installs.get(person.teamId);
  const home = install && homeOf(sim.world, install, person.id);
  if (!home) throw new Refused("The app has not published a Home tab.");
  return home;
}

function refuseFailed(sentence: string | undefined): void {
  if (sentence) throw new Refused(sentence);
}

function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

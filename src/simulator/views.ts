import { newId } from "./ids.ts";
import { SURFACE } from "./limits.ts";
import { withIds } from "./normal-blocks.ts";
import type { Install, View, ViewPayload } from "./records.ts";
import type { Sim } from "./sim.ts";
import { SlackError } from "./slack-error.ts";
import type { Trigger } from "./triggers.ts";
import { stateOf } from "./view-state.ts";
import type { World } from "./world.ts";

/** A person's modals, the visible one last. */
export function modalsOf(world: World, userId: string): View[] {
  return world.views
    .values()
    .filter((view) => view.userId === userId && view.payload.type === "modal");
}

/** A new stack with this view; a modal that was open goes away. */
export function openView(sim: Sim, install: Install, trigger: Trigger, payload: ViewPayload): View {
  refuseTakenExternalId(sim.world, install, payload);
  for (const view of modalsOf(sim.world, trigger.userId)) sim.world.views.remove(view.id);
  return addModal(sim, install, trigger, payload);
}

export function pushView(sim: Sim, install: Install, trigger: Trigger, payload: ViewPayload): View {
  const stack = modalsOf(sim.world, trigger.userId);
  if (!trigger.viewId) throw new SlackError("invalid_trigger_id");
  if (!stack.some((view) => view.id === trigger.viewId)) throw new SlackError("not_found");
  if (stack.length >= SURFACE.viewStack) throw new SlackError("push_limit_reached");
  refuseTakenExternalId(sim.world, install, payload);
  return addModal(sim, install, trigger, payload, stack.at(-1));
}

/** Replaces a view; typed values stay where block_id and action_id stay. */
export function updateView(sim: Sim, install: Install, view: View, payload: ViewPayload): View {
  refuseTakenExternalId(sim.world, install, payload, view.id);
  const blocks = withIds(payload.blocks);
  const next: View = {
    ...view,
    payload: { ...payload, blocks },
    values: stateOf(blocks, view.values),
    hash: newHash(),
  };
  sim.world.views.put(view.id, next);
  sim.changes.tell({ what: "world" });
  return next;
}

export function publishHome(
  sim: Sim,
  install: Install,
  userId: string,
  payload: ViewPayload,
): View {
  const before = homeOf(sim.world, install, userId);
  if (before) return updateView(sim, install, before, payload);
  const home = add(sim, install, userId, payload, {});
  sim.changes.tell({ what: "world" });
  return home;
}

export function homeOf(world: World, install: Install, userId: string): View | undefined {
  return world.views
    .values()
    .find(
      (view) =>
        view.payload.type === "home" && view.userId === userId && view.teamId === install.teamId,
    );
}

export function closeView(sim: Sim, view: View): void {
  sim.world.views.remove(view.id);
  sim.changes.tell({ what: "world" });
}

function addModal(
  sim: Sim,
  install: Install,
  trigger: Trigger,
  payload: ViewPayload,
  below?: View,
): View {
  const view = add(sim, install, trigger.userId, payload, {
    ...(below && { previousViewId: below.id, rootViewId: below.rootViewId }),
  });
  sim.triggers.spend(trigger, view.id);
  sim.changes.tell({ what: "world" });
  return view;
}

function add(
  sim: Sim,
  install: Install,
  userId: string,
  payload: ViewPayload,
  place: Partial<Pick<View, "previousViewId" | "rootViewId">>,
): View {
  const id = newId("V");
  const blocks = withIds(payload.blocks);
  const view: View = {
    id,
    teamId: install.teamId,
    userId,
    payload: { ...payload, blocks },
    values: stateOf(blocks),
    hash: newHash(),
    rootViewId: id,
    ...place,
  };
  sim.world.views.put(id, view);
  return view;
}

function refuseTakenExternalId(
  world: World,
  install: Install,
  payload: ViewPayload,
  ownId?: string,
): void {
  if (payload.external_id === "") return;
  const taken = world.views
    .values()
    .some(
      (view) =>
        view.id !== ownId &&
        view.teamId === install.teamId &&
        view.payload.external_id === payload.external_id,
    );
  if (taken) throw new SlackError("duplicate_external_id");
}

function newHash(): string {
  return `${Math.floor(Date.now() / 1000)}.${newId("").slice(1, 9)}`;
}

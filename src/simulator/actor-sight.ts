import { Refused } from "./act-place.ts";
import type { Outcome } from "./acts.ts";
import type { Block, ModalView } from "./page/contract.ts";
import { modalView } from "./page-world.ts";
import type { Message, View } from "./records.ts";
import type { Sim } from "./sim.ts";
import type { Trigger } from "./triggers.ts";
import { untilTrue } from "./until.ts";
import { homeOf } from "./views.ts";

/** A message's ts, a modal, or "home". */
export type Where = string | { ts: string } | { id: string } | undefined;

export const TRIGGER_MS = 3000;

export function done(outcome: Outcome): Outcome & { ok: true } {
  if (outcome.ok) return outcome;
  throw new Refused(outcome.refused ?? JSON.stringify(outcome.errors));
}

export function shown(sim: Sim, viewId: string): ModalView {
  const view = sim.world.views.get(viewId);
  if (!view) throw new Error(`The modal ${viewId} is closed.`);
  return modalView(view);
}

/** A command is answered by a modal or an ephemeral message; else its trigger runs out. */
export function modalOrAnswer(
  sim: Sim,
  userId: string,
  trigger: Trigger,
  before: number,
): Promise<ModalView | undefined> {
  const wait = untilTrue(
    sim.changes,
    () => openedBy(sim, trigger) ?? (answers(sim, userId) > before && "answered"),
    TRIGGER_MS,
  );
  return wait.then(
    (found) => (found === "answered" ? undefined : found),
    () => undefined,
  );
}

export function openedBy(sim: Sim, trigger: Trigger): ModalView | undefined {
  const view = trigger.openedViewId && sim.world.views.get(trigger.openedViewId);
  return view ? modalView(view) : undefined;
}

export function answers(sim: Sim, userId: string): number {
  return sim.world.ephemerals.filter((each) => each.onlyFor === userId).length;
}

export function blocksAt(sim: Sim, userId: string, where: Where): Block[] {
  const message = messageAt(sim, userId, where);
  return message ? message.blocks : viewAt(sim, userId, where).payload.blocks;
}

export function messageAt(sim: Sim, userId: string, where: Where): Message | undefined {
  const ts = typeof where === "object" && "ts" in where ? where.ts : where;
  const own = sim.world.ephemerals.find((each) => each.ts === ts && each.onlyFor === userId);
  return own ?? sim.world.messages.all().find((each) => each.ts === ts);
}

export function viewAt(sim: Sim, userId: string, where: Where): View {
  const id = typeof where === "object" && "id" in where ? where.id : where;
  const view = id === "home" ? homeView(sim, userId) : sim.world.views.get(String(id));
  if (!view) throw new Error(`Nothing is open there: ${String(id)}`);
  return view;
}

export function homeView(sim: Sim, userId: string): View | undefined {
  const install = sim.world.installs.get(sim.world.people.get(userId)?.teamId ?? "");
  return install && homeOf(sim.world, install, userId);
}

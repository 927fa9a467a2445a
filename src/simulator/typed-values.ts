import { type Fields, isFields } from "./block-rules.ts";
import { elementsOf } from "./blocks-check.ts";
import { ELEMENT } from "./limits.ts";
import type { StateValues } from "./page/contract.ts";
import type { View } from "./records.ts";
import type { Sim } from "./sim.ts";
import { REQUIRED, tooLong, tooShort } from "./slack-words.ts";
import { isEmptyState, stateOf } from "./view-state.ts";

/** Keeps what a person typed into a view, so that it survives updates and failures. */
export function keepTyped(sim: Sim, view: View, typed: StateValues): View {
  const next = { ...view, values: stateOf(view.payload.blocks, { ...view.values, ...typed }) };
  sim.world.views.put(view.id, next);
  return next;
}

/** What Slack's client says before it submits anything: block_id → sentence. */
export function refusalsByClient(view: View): Record<string, string> {
  const refusals: Record<string, string> = {};
  for (const block of view.payload.blocks) {
    const [element] = elementsOf(block);
    if (block.type !== "input" || !block.block_id || !element) continue;
    const state = view.values[block.block_id]?.[String(element.action_id)];
    const sentence = isEmptyState(state)
      ? block.optional !== true && REQUIRED
      : lengthRefusal(element, state);
    if (sentence) refusals[block.block_id] = sentence;
  }
  return refusals;
}

function lengthRefusal(element: Fields, state: unknown): string | undefined {
  const value = isFields(state) ? state.value : undefined;
  if (element.type !== "plain_text_input" || typeof value !== "string") return undefined;
  const max = Number(element.max_length ?? ELEMENT.inputLength);
  const min = Number(element.min_length ?? 0);
  if (value.length > max) return tooLong(max);
  return value.length < min ? tooShort(min) : undefined;
}

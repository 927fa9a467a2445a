import { type Fields, isFields } from "./block-rules.ts";
import { elementsOf } from "./blocks-check.ts";
import { fileJson } from "./files.ts";
import { ELEMENT, FILE_BYTES } from "./limits.ts";
import type { ElementState, StateValues } from "./page/contract.ts";
import type { View } from "./records.ts";
import type { Sim } from "./sim.ts";
import { fileTooLarge, REQUIRED, tooLong, tooManyFiles, tooShort } from "./slack-words.ts";
import { isEmptyState, stateOf } from "./view-state.ts";

/** Keeps what a person typed into a view, so that it survives updates and failures. */
export function keepTyped(sim: Sim, view: View, typed: StateValues): View {
  const values = stateOf(view.payload.blocks, { ...view.values, ...typed });
  const next = { ...view, values: withFiles(sim, view.userId, values) };
  sim.world.views.put(view.id, next);
  return next;
}

/** The page names files by their ids, Slack by all it knows of them; what others chose is not there. */
function withFiles({ world }: Sim, userId: string, values: StateValues): StateValues {
  const whole = ({ files, ...state }: ElementState): ElementState => {
    if (!Array.isArray(files)) return state;
    const ids = files.filter(isFields).map(({ id }) => String(id));
    const own = ids.flatMap((id) => world.files.get(id) ?? []).filter((f) => f.userId === userId);
    return { ...state, files: own.map((file) => fileJson(world, file)) };
  };
  const entries = Object.entries(values).map(([blockId, elements]) => {
    const states = Object.entries(elements).map(([id, state]) => [id, whole(state)] as const);
    return [blockId, Object.fromEntries(states)] as const;
  });
  return Object.fromEntries(entries);
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
      : (lengthRefusal(element, state) ?? filesRefusal(element, state));
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

function filesRefusal(element: Fields, state: unknown): string | undefined {
  const files = isFields(state) ? state.files : undefined;
  if (!Array.isArray(files)) return undefined;
  const max = Number(element.max_files ?? ELEMENT.files);
  if (files.length > max) return tooManyFiles(max);
  const isTooLarge = files.some((file) => isFields(file) && Number(file.size) > FILE_BYTES);
  return isTooLarge ? fileTooLarge : undefined;
}

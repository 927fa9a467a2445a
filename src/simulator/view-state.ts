import { isFields } from "./block-rules.ts";
import { elementsOf } from "./blocks-check.ts";
import { offeredOptions } from "./element-rules.ts";
import type { Block, ElementState, StateValues } from "./page/contract.ts";

type Fields = Record<string, unknown>;
type Empty = (element: Fields) => Fields;

/** What each stateful element holds before anyone touches it. */
const INITIAL: Record<string, Empty> = {
  plain_text_input: (e) => ({ value: e.initial_value || null }),
  email_text_input: (e) => ({ value: e.initial_value || null }),
  url_text_input: (e) => ({ value: e.initial_value || null }),
  number_input: (e) => ({ value: e.initial_value || null }),
  rich_text_input: (e) => ({ rich_text_value: e.initial_value ?? null }),
  file_input: () => ({ files: [] }),
  static_select: (e) => ({ selected_option: e.initial_option ?? null }),
  external_select: (e) => ({ selected_option: e.initial_option ?? null }),
  radio_buttons: (e) => ({ selected_option: e.initial_option ?? null }),
  checkboxes: (e) => ({ selected_options: e.initial_options ?? [] }),
  multi_static_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  multi_external_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  users_select: (e) => ({ selected_user: e.initial_user ?? null }),
  multi_users_select: (e) => ({ selected_users: e.initial_users ?? [] }),
  channels_select: (e) => ({ selected_channel: e.initial_channel ?? null }),
  multi_channels_select: (e) => ({ selected_channels: e.initial_channels ?? [] }),
  conversations_select: (e) => ({ selected_conversation: e.initial_conversation ?? null }),
  multi_conversations_select: (e) => ({ selected_conversations: e.initial_conversations ?? [] }),
  datepicker: (e) => ({ selected_date: e.initial_date ?? null }),
  timepicker: (e) => ({ selected_time: e.initial_time ?? null }),
  datetimepicker: (e) => ({ selected_date_time: e.initial_date_time ?? null }),
};

/** The one field that carries an element's state, e.g. `selected_option`. */
export function stateFieldOf(type: string): string | undefined {
  return Object.keys(INITIAL[type]?.({}) ?? {})[0];
}

/** view.state.values of these blocks; what was typed stays where block_id, action_id and type stay. */
export function stateOf(blocks: Block[], typed: StateValues = {}): StateValues {
  const values: StateValues = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const state = elementState(block, element, typed);
      if (!state || !block.block_id) continue;
      values[block.block_id] = {
        ...values[block.block_id],
        [String(element.action_id)]: state,
      };
    }
  }
  return values;
}

function elementState(block: Block, element: Fields, typed: StateValues): ElementState | undefined {
  const type = String(element.type);
  const initial = INITIAL[type];
  if (!initial) return undefined;
  const kept = typed[String(block.block_id)]?.[String(element.action_id)];
  if (kept?.type !== type || !isOffered(element, kept)) return { type, ...initial(element) };
  return kept.value === "" ? { ...kept, value: null } : kept;
}

/** A choice that an update took away does not stay chosen. */
function isOffered(element: Fields, state: ElementState): boolean {
  const offered = offeredOptions(element).map((option) => option.value);
  const chosen = [state.selected_option, state.selected_options].flat().filter(isFields);
  return offered.length === 0 || chosen.every((option) => offered.includes(option.value));
}

export function isEmptyState(state: ElementState | undefined): boolean {
  if (!state) return true;
  const value = state[stateFieldOf(state.type) ?? ""];
  if (Array.isArray(value)) return value.length === 0;
  // Blanks count as typed: whether they will do is the app's question.
  return value === null || value === undefined || value === "";
}

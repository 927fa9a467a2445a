import type {
  ActionsBlockElement,
  InputBlockElement,
  KnownBlock,
  SectionBlockAccessory,
} from "@slack/types";
import type { Block, ElementState, StateValues } from "./contract.ts";

/** Anything a person can use in a block. */
export type Element = ActionsBlockElement | InputBlockElement | SectionBlockAccessory;

/** What an element holds before anybody has touched it, as in Slack's view.state; undefined if it holds nothing. */
export function initialState(element: Element): ElementState | undefined {
  const { type } = element;
  switch (element.type) {
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
      return { type, value: element.initial_value ?? null };
    case "static_select":
    case "radio_buttons":
      return { type, selected_option: element.initial_option ?? null };
    case "checkboxes":
      return { type, selected_options: element.initial_options ?? [] };
    case "users_select":
      return { type, selected_user: element.initial_user ?? null };
    case "conversations_select":
      return { type, selected_conversation: element.initial_conversation ?? null };
    case "channels_select":
      return { type, selected_channel: element.initial_channel ?? null };
    case "datepicker":
      return { type, selected_date: element.initial_date ?? null };
    case "file_input":
      return { type, files: [] };
    case "timepicker":
      return { type, selected_time: element.initial_time ?? null };
    default:
      return undefined;
  }
}

export type Placed = { blockId: string; actionId: string; element: Element };

/** Every element of these blocks that has an address, in reading order. */
export function placedElements(blocks: Block[]): Placed[] {
  return blocks.flatMap((block, index) =>
    elementsOf(block).flatMap((element) =>
      "action_id" in element && element.action_id
        ? [{ blockId: blockKey(block, index), actionId: element.action_id, element }]
        : [],
    ),
  );
}

/** Slack gives every block an id; the place stands in where none came. */
export function blockKey(block: Block, index: number): string {
  return block.block_id ?? `block-${index}`;
}

/** What was typed wins over what the server knows, and that over the initial values; what is gone is dropped. */
export function currentValues(
  blocks: Block[],
  known: StateValues,
  typed: StateValues,
): StateValues {
  const values: StateValues = {};
  for (const { blockId, actionId, element } of placedElements(blocks)) {
    const states = [typed[blockId]?.[actionId], known[blockId]?.[actionId]];
    const state = states.find((one) => one?.type === element.type) ?? initialState(element);
    if (state) values[blockId] = { ...values[blockId], [actionId]: state };
  }
  return values;
}

function elementsOf(block: Block): Element[] {
  // The server has checked every block; a type that is not Slack's falls through.
  const known = block as unknown as KnownBlock;
  switch (known.type) {
    case "actions":
      return known.elements;
    case "section":
      return known.accessory ? [known.accessory] : [];
    case "input":
      return [known.element];
    default:
      return [];
  }
}

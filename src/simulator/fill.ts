import { type Fields, isFields } from "./block-rules.ts";
import { elementsOf } from "./blocks-check.ts";
import { offeredOptions } from "./element-rules.ts";
import type { Block, ElementState, StateValues } from "./page/contract.ts";
import { stateFieldOf } from "./view-state.ts";

/** What a test types: text, an option's value or visible text, several of them, a user id, ids of files; null empties. */
export type Typed = string | readonly string[] | null;

/** `{ block_id: typed }` as the state of those blocks' elements. */
export function fill(blocks: Block[], typed: Record<string, Typed>): StateValues {
  const values: StateValues = {};
  for (const [blockId, value] of Object.entries(typed)) {
    const element = inputIn(blocks, blockId);
    values[blockId] = { [String(element.action_id)]: elementHolding(element, value) };
  }
  return values;
}

/** The state of one element that holds this. */
export function elementHolding(element: Fields, value: Typed): ElementState {
  const type = String(element.type);
  const field = stateFieldOf(type) ?? "selected_option";
  return { type, [field]: held(element, field, value) };
}

export function inputIn(blocks: Block[], blockId: string): Fields {
  const block = blocks.find((each) => each.block_id === blockId);
  const element = block && elementsOf(block).find((each) => stateFieldOf(String(each.type)));
  if (element) return element;
  const known = blocks.map((each) => each.block_id).join(", ");
  throw new Error(`There is no input ${blockId} here, only: ${known}`);
}

function held(element: Fields, field: string, value: Typed): unknown {
  const several = value === null ? [] : [value].flat();
  switch (field) {
    case "selected_option":
      return value === null ? null : optionIn(element, String(several[0]));
    case "selected_options":
      return several.map((each) => optionIn(element, each));
    case "selected_date_time":
      return value === null ? null : Number(value);
    case "files":
      return several.map((id) => ({ id }));
    default:
      return field.endsWith("s") ? several : value;
  }
}

function optionIn(element: Fields, wanted: string): Fields {
  const options = offeredOptions(element);
  const found = options.find(
    (option) => option.value === wanted || (isFields(option.text) && option.text.text === wanted),
  );
  if (found) return found;
  throw new Error(
    `There is no option ${wanted}, only: ${options.map((each) => each.value).join(", ")}`,
  );
}

/** A button or overflow option by action_id or visible label; among several of one label, the first. */
export function pressable(blocks: Block[], wanted: string): Pressable {
  const all: Pressable[] = blocks.flatMap((block) =>
    elementsOf(block)
      .filter((element) => element.action_id)
      .map((element) => ({ blockId: String(block.block_id), element })),
  );
  const found =
    all.find(({ element }) => element.action_id === wanted) ??
    all.find(({ element }) => labelOf(element) === wanted) ??
    all.flatMap(chosenBy).find(({ option }) => labelOf(option) === wanted);
  if (found) return found;
  const known = all.flatMap((one) => {
    const options = chosenBy(one).map(({ option }) => labelOf(option));
    return options.length > 0 ? options : (labelOf(one.element) ?? one.element.action_id);
  });
  throw new Error(`There is no button ${wanted} here, only: ${known.join(", ") || "none"}`);
}

/** What is pressed, and which choice behind its dots. */
export type Pressable = { blockId: string; element: Fields; option?: Fields };

function chosenBy({ blockId, element }: Pressable) {
  const options = element.type === "overflow" ? element.options : [];
  const choices = Array.isArray(options) ? options.filter(isFields) : [];
  return choices.map((option) => ({ blockId, element, option }));
}

function labelOf(element: Fields | undefined): string | undefined {
  return element && isFields(element.text) ? String(element.text.text) : undefined;
}

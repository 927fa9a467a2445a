import type { FileInput, InputBlock, KnownBlock, PlainTextInput } from "@slack/types";
import type { Block, ElementState, FileView, StateValues } from "./contract.ts";
import { blockKey, type Element } from "./element-state.ts";
import type { Words } from "./words-en.ts";

/** What Slack refuses before it sends a modal: block_id → sentence. */
export function checkInput(
  blocks: Block[],
  values: StateValues,
  words: Words,
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const [index, block] of blocks.entries()) {
    const known = block as unknown as KnownBlock;
    if (known.type !== "input") continue;
    const blockId = blockKey(block, index);
    const { action_id: actionId = "" } = known.element;
    const error = faultOf(known, values[blockId]?.[actionId], words);
    if (error) errors[blockId] = error;
  }
  return errors;
}

function faultOf(
  block: InputBlock,
  state: ElementState | undefined,
  words: Words,
): string | undefined {
  if (!state) return undefined;
  if (isEmpty(state)) return block.optional ? undefined : words.required;
  const { value } = state;
  if (block.element.type === "file_input") return filesFault(block.element, state.files, words);
  return typeof value === "string" ? textFault(block.element, value, words) : undefined;
}

const FILE_BYTES = 10 * 1024 * 1024;

function filesFault(element: FileInput, files: unknown, words: Words): string | undefined {
  const { max_files: most = 10 } = element;
  const chosen = (files as FileView[] | undefined) ?? []; // only a file_input holds it
  if (chosen.length > most) return words.tooManyFiles(most);
  return chosen.some(({ size }) => size > FILE_BYTES) ? words.fileTooLarge : undefined;
}

function textFault(element: Element, value: string, words: Words): string | undefined {
  switch (element.type) {
    case "plain_text_input":
      return lengthFault(element, value, words);
    case "email_text_input":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : words.notEmail;
    case "url_text_input":
      return URL.canParse(value) ? undefined : words.notUrl;
    case "number_input":
      return Number.isFinite(Number(value)) ? undefined : words.notNumber;
    default:
      return undefined;
  }
}

function lengthFault(element: PlainTextInput, value: string, words: Words): string | undefined {
  const { min_length: least = 0, max_length: most = 3000 } = element;
  if (value.length < least) return words.tooShort(least);
  if (value.length > most) return words.tooLong(most);
  return undefined;
}

function isEmpty({ type: _, ...held }: ElementState): boolean {
  return Object.values(held).every(
    (value) => value == null || value === "" || (Array.isArray(value) && value.length === 0),
  );
}

import { byType, type Fields, isFields, list, type Report, type Rule } from "./block-rules.ts";
import { BLOCKS, textLength } from "./block-shapes.ts";
import { SURFACE } from "./limits.ts";

export type Surface = "message" | "modal" | "home";

const NOT_ON: Record<Surface, readonly string[]> = {
  message: ["alert"],
  modal: ["markdown", "table", "data_table", "context_actions"],
  home: ["alert", "markdown", "context_actions"],
};

/** What Slack would say against these blocks, as `[ERROR] … [json-pointer:…]`; nothing when they are good. */
export function faultsOfBlocks(blocks: unknown, surface: Surface, at = "/blocks"): string[] {
  const faults: string[] = [];
  const report: Report = (message, where) =>
    void faults.push(`[ERROR] ${message} [json-pointer:${where}]`);
  const allowed = Object.keys(BLOCKS).filter((type) => !NOT_ON[surface].includes(type));
  const max = surface === "message" ? SURFACE.messageBlocks : SURFACE.viewBlocks;
  list(byType(BLOCKS, allowed), max, surface === "message" ? 0 : 1)(blocks, at, report);
  for (const rule of [idsAreUnique, fileInputsOnlyInModals(surface), cumulative(surface)])
    rule(blocks, at, report);
  return faults;
}

const idsAreUnique: Rule = (blocks, at, report) => {
  const seen = new Set<unknown>();
  for (const [index, block] of fieldsIn(blocks).entries()) {
    if (block.block_id !== undefined && seen.has(block.block_id))
      report(`duplicate block_id: ${block.block_id}`, `${at}/${index}/block_id`);
    seen.add(block.block_id);
    const actionIds = elementsOf(block).map((element) => element.action_id);
    for (const [place, id] of actionIds.entries()) {
      if (id !== undefined && actionIds.indexOf(id) !== place)
        report(`duplicate action_id: ${id}`, `${at}/${index}/elements/${place}/action_id`);
    }
  }
};

function fileInputsOnlyInModals(surface: Surface): Rule {
  return (blocks, at, report) => {
    if (surface === "modal") return;
    for (const [index, block] of fieldsIn(blocks).entries()) {
      if (elementsOf(block).some((element) => element.type === "file_input"))
        report("unsupported type: file_input", `${at}/${index}/element/type`);
    }
  };
}

function cumulative(surface: Surface): Rule {
  return (blocks, at, report) => {
    if (surface !== "message") return;
    const markdown = fieldsIn(blocks).filter((block) => block.type === "markdown");
    if (textLength(markdown) > SURFACE.markdownText)
      report(`must be less than ${SURFACE.markdownText + 1} characters in all markdown blocks`, at);
    if (fieldsIn(blocks).filter((block) => block.type === "table").length > 1)
      report("only one table block allowed", at);
  };
}

/** The interactive elements of a block, wherever the block keeps them. */
export function elementsOf(block: Fields): Fields[] {
  const elements = Array.isArray(block.elements) ? block.elements : [];
  const actions = Array.isArray(block.actions) ? block.actions : [];
  return [block.element, block.accessory, ...elements, ...actions].filter(isFields);
}

export function fieldsIn(list: unknown): Fields[] {
  return Array.isArray(list) ? list.filter(isFields) : [];
}

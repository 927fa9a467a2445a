import type { InputBlock } from "@slack/types";
import { elementView } from "./element.ts";
import { html } from "./html.ts";
import { usePage } from "./page.ts";
import { useSurface } from "./surface.ts";
import { plainText } from "./text-view.ts";

const groups = ["radio_buttons", "checkboxes"];

export function InputView({ block, id: blockId }: { block: InputBlock; id: string }) {
  const { words } = usePage();
  const surface = useSurface();
  const id = `${surface.id}-${blockId}`;
  const error = surface.errors[blockId];
  const isGroup = groups.includes(block.element.type);
  const labelId = `${id}-label`;
  const label = html`${plainText(block.label)}${block.optional && html` <span class="optional">${words.optional}</span>`}`;
  const control = elementView(block.element, {
    blockId,
    dispatches: block.dispatch_action ?? false,
    naming: {
      id,
      labelledBy: isGroup ? labelId : undefined,
      describedBy:
        [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined,
      invalid: error !== undefined,
      required: !block.optional,
    },
  });

  return html`<div class=${`block-input ${error ? "has-error" : ""}`} data-block-id=${blockId}>
    ${
      isGroup
        ? html`<div class="label" id=${labelId}>${label}</div>`
        : html`<label class="label" id=${labelId} for=${id}>${label}</label>`
    }
    ${control}
    ${error && html`<p class="error" id=${`${id}-error`}>${error}</p>`}
    ${block.hint && html`<p class="hint" id=${`${id}-hint`}>${plainText(block.hint)}</p>`}
  </div>`;
}

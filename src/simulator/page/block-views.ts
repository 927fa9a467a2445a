import type { ActionsBlock, AlertBlock, ContextBlock, SectionBlock } from "@slack/types";
import { h } from "preact";
import { elementView } from "./element.ts";
import type { Element } from "./element-state.ts";
import { html } from "./html.ts";
import { ImageView } from "./image-view.ts";
import { usePage } from "./page.ts";
import { useSurface } from "./surface.ts";
import { plainText, TextView } from "./text-view.ts";

export function SectionView({ block, id }: { block: SectionBlock; id: string }) {
  const surface = useSurface();
  const textId = `${surface.id}-${id}-text`;
  return html`<div class="block-section">
    <div class="section-words">
      ${block.text && html`<div id=${textId}>${h(TextView, { text: block.text })}</div>`}
      ${block.fields && html`<div class="section-fields">${block.fields.map((text) => h(TextView, { text }))}</div>`}
    </div>
    ${
      block.accessory &&
      html`<div class="section-accessory">
        ${elementView(block.accessory, {
          blockId: id,
          dispatches: true,
          naming: {
            ...namingOf(surface.id, id, block.accessory),
            labelledBy: block.text && textId,
          },
        })}
      </div>`
    }
  </div>`;
}

export function ActionsView({ block, id }: { block: ActionsBlock; id: string }) {
  const surface = useSurface();
  return html`<div class="block-actions">
    ${block.elements.map((element) =>
      elementView(element, {
        blockId: id,
        dispatches: true,
        naming: namingOf(surface.id, id, element),
      }),
    )}
  </div>`;
}

export function ContextView({ block }: { block: ContextBlock }) {
  return html`<div class="block-context">
    ${block.elements.map((element) =>
      element.type === "image"
        ? h(ImageView, { image: element, className: "image-context" })
        : h(TextView, { text: element }),
    )}
  </div>`;
}

export function AlertView({ block }: { block: AlertBlock }) {
  const { words } = usePage();
  const level = block.level ?? "default";
  return html`<div class=${`alert alert-${level}`} role=${level === "error" ? "alert" : "note"}>
    <strong class="alert-level">${words.alert[level]}</strong>
    <div>${h(TextView, { text: block.text })}</div>
  </div>`;
}

/** A control without a visible label of its own is named by its placeholder. */
function namingOf(surfaceId: string, blockId: string, element: Element) {
  const actionId = ("action_id" in element && element.action_id) || element.type;
  const placeholder = "placeholder" in element ? element.placeholder : undefined;
  return {
    id: `${surfaceId}-${blockId}-${actionId}`,
    label: placeholder && plainText(placeholder),
  };
}

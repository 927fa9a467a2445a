import type { ImageElement, KnownBlock } from "@slack/types";
import { h } from "preact";
import { ActionsView, AlertView, ContextView, SectionView } from "./block-views.ts";
import type { Block } from "./contract.ts";
import { blockKey } from "./element-state.ts";
import { html, type View } from "./html.ts";
import { ImageView } from "./image-view.ts";
import { InputView } from "./input-view.ts";
import { Markdown } from "./markdown.ts";
import { RichTextView } from "./rich-text.ts";
import { TableView } from "./table-view.ts";
import { plainText } from "./text-view.ts";
import { Unknown } from "./unknown.ts";

export function Blocks({ blocks }: { blocks: Block[] }) {
  return html`<div class="blocks">
    ${blocks.map((block, index) => h(BlockView, { key: blockKey(block, index), block, id: blockKey(block, index) }))}
  </div>`;
}

function BlockView({ block, id }: { block: Block; id: string }): View {
  // The server has checked every block against Slack's own rules; a type of no use here falls through.
  const known = block as unknown as KnownBlock;
  switch (known.type) {
    case "section":
      return h(SectionView, { block: known, id });
    case "header":
      return html`<h3 class="block-header">${plainText(known.text)}</h3>`;
    case "divider":
      return html`<hr />`;
    case "context":
      return h(ContextView, { block: known });
    case "actions":
      return h(ActionsView, { block: known, id });
    case "input":
      return h(InputView, { block: known, id });
    case "image":
      return html`<figure class="block-image">
        ${known.title && html`<figcaption>${plainText(known.title)}</figcaption>`}
        ${h(ImageView, { image: known as ImageElement, className: "image-block" })}
      </figure>`;
    case "alert":
      return h(AlertView, { block: known });
    case "rich_text":
      return h(RichTextView, { block: known });
    case "table":
      return h(TableView, { block: known });
    case "markdown":
      return h(Markdown, { text: known.text });
    default:
      return h(Unknown, { type: block.type });
  }
}

import type { TableBlock } from "@slack/types";
import { h } from "preact";
import { html, type View } from "./html.ts";
import { RichTextView } from "./rich-text.ts";

type Cell = TableBlock["rows"][number][number];

/** Its first row is the head, as Slack shows it. */
export function TableView({ block }: { block: TableBlock }) {
  const [head = [], ...rows] = block.rows;
  const wraps = (column: number) => block.column_settings?.[column]?.is_wrapped === true;
  return html`<div class="table-frame" tabindex="0">
    <table class="block-table">
      <thead><tr>${head.map((cell) => html`<th scope="col">${inside(cell)}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${row.map((cell, column) => html`<td class=${wraps(column) ? "wraps" : ""}>${inside(cell)}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}

function inside(cell: Cell): View {
  if (cell.type === "rich_text") return h(RichTextView, { block: cell });
  return cell.type === "raw_text" ? html`${cell.text}` : html`${String(cell.value)}`;
}

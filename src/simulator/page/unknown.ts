import { html } from "./html.ts";
import { usePage } from "./page.ts";

/** A gap of this simulator must be seen, never be silent. */
export function Unknown({ type }: { type: string }) {
  const { words } = usePage();
  return html`<div class="unknown" role="note">${words.unknownBlock(type)}</div>`;
}

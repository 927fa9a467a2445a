import { h } from "preact";
import type { FileView } from "./contract.ts";
import { fileSize } from "./file-size.ts";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { usePage } from "./page.ts";

/** The files of a message, as links that download them. */
export function MessageFiles({ files }: { files: FileView[] }) {
  const { world } = usePage();
  if (files.length === 0) return undefined;
  return html`<ul class="message-files">
    ${files.map(({ id, name, size }) => {
      const href = `/sim/file?${new URLSearchParams({ as: world.me.id, id })}`;
      return html`<li key=${id}><a href=${href} download=${name}>
        ${h(Icon, { name: "clip" })}<span class="file-name">${name}</span> <span class="quiet">${fileSize(size)}</span>
      </a></li>`;
    })}
  </ul>`;
}

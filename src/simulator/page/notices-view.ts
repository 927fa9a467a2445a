import { h } from "preact";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { dropNotice } from "./notices.ts";
import { usePage } from "./page.ts";

/** What Slack says to the person. A modal makes the rest of the page unreachable, so the front one shows it. */
export function NoticesView({ isFront }: { isFront: boolean }) {
  const { state, words } = usePage();
  const shown = isFront ? state.notices : [];
  return html`<div class="notices" role="region" aria-label=${words.noticesLabel}>
    <div role="alert" aria-atomic="false">
      ${shown.map(
        ({ id, text }) => html`<div class="notice" key=${id}>
          <p>${text}</p>
          <button type="button" class="icon-button" aria-label=${words.close} onClick=${() => dropNotice(id)}>
            ${h(Icon, { name: "close" })}
          </button>
        </div>`,
      )}
    </div>
  </div>`;
}

import { h } from "preact";
import { Avatar } from "./avatar.ts";
import { html } from "./html.ts";
import { Mrkdwn } from "./mrkdwn-view.ts";
import { usePage } from "./page.ts";
import type { Sending } from "./store.ts";
import { escapeText } from "./typed-text.ts";

/** A person's own message before the server has it. */
export function UnsentMessage({ sending }: { sending: Sending }) {
  const { world, words } = usePage();
  return html`<article class="message is-unsent" aria-label=${words.sending}>
    ${h(Avatar, { id: world.me.id, name: world.me.name })}
    <div class="message-body">
      <p class="message-head"><strong>${world.me.name}</strong> <span class="quiet">${words.sending}</span></p>
      ${h(Mrkdwn, { text: escapeText(sending.text) })}
    </div>
  </article>`;
}

import { h } from "preact";
import { useId } from "preact/hooks";
import type { MailView } from "./contract.ts";
import { Dialog } from "./dialog.ts";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { usePage } from "./page.ts";

const ADDRESS = /(https?:\/\/\S+)/;

/** What was mailed to people who are not in Slack, newest first. */
export function MailDrawer({ mails, close }: { mails: MailView[]; close(): void }) {
  const { words } = usePage();
  const id = useId();
  const content = html`<div class="drawer-content">
    <header class="modal-header">
      <h2 id=${id}>${words.mail}</h2>
      <button type="button" class="icon-button" aria-label=${words.close} title=${words.close} onClick=${close}>
        ${h(Icon, { name: "close" })}
      </button>
    </header>
    <p class="quiet">${words.mailIntro}</p>
    <div role="status">${mails.length === 0 && html`<p class="quiet">${words.noMail}</p>`}</div>
    ${mails.map((mail) => h(Mail, { key: mail.id, mail }))}
  </div>`;
  return h(Dialog, { labelledBy: id, className: "drawer", onCancel: close }, content);
}

function Mail({ mail }: { mail: MailView }) {
  const { words } = usePage();
  const time = new Date(mail.at).toLocaleTimeString(undefined, {
    hour: "2-digit",
    minute: "2-digit",
  });
  const parts = mail.text.split(ADDRESS);
  return html`<article class="mail" aria-label=${mail.subject}>
    <h3>${mail.subject}</h3>
    <p class="quiet">${words.mailTo(mail.to)} · ${time}</p>
    <p class="mail-text">${parts.map((part, at) =>
      at % 2 === 0 ? part : html`<a href=${part} target="_blank" rel="noreferrer">${part}</a>`,
    )}</p>
  </article>`;
}

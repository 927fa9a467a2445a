import { h } from "preact";
import { useState } from "preact/hooks";
import type { Language } from "./contract.ts";
import { FaultsDrawer } from "./faults-drawer.ts";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { MailDrawer } from "./mail-drawer.ts";
import { usePage } from "./page.ts";
import { PersonSwitcher } from "./person-switcher.ts";
import { go } from "./store.ts";

type Props = { isSheetOpen: boolean; toggleSheet(): void };

export function TopBar({ isSheetOpen, toggleSheet }: Props) {
  const { words } = usePage();
  return html`<header class="top-bar">
    <button type="button" class="icon-button sheet-button" aria-expanded=${isSheetOpen} aria-controls="sidebar"
      aria-label=${isSheetOpen ? words.closeSidebar : words.openSidebar} onClick=${toggleSheet}>
      ${h(Icon, { name: "menu" })}
    </button>
    <p class="product"><img src="/page/mark.svg" alt="" width="24" height="24" /><span class="product-name">${words.product}</span></p>
    ${h(PersonSwitcher, {})}
    ${h(Connection, {})}
    ${h(LanguageSwitcher, {})}
    ${h(MailButton, {})}
    ${h(FaultsButton, {})}
  </header>`;
}

function Connection() {
  const { state, world, words } = usePage();
  const isLive = state.link === "live";
  const text = isLive ? words.delivery[world.delivery] : words.link[state.link];
  const level = !isLive ? "waiting" : world.delivery === "none" ? "off" : "on";
  return html`<p class=${`connection is-${level}`} role="status" title=${text}>
    <span class="dot"></span><span class="connection-text">${text}</span>
  </p>`;
}

function LanguageSwitcher() {
  const { words, language } = usePage();
  const choose = (chosen: Language) => go({ language: chosen });
  return html`<div class="languages" role="group" aria-label=${words.language}>
    ${(["ja", "en"] as const).map(
      (one) => html`<button type="button" lang=${one} aria-pressed=${one === language}
        aria-label=${words.languages[one]} onClick=${() => choose(one)}>${one === "ja" ? "日本語" : "EN"}</button>`,
    )}
  </div>`;
}

function MailButton() {
  const { world, words } = usePage();
  const [isOpen, setOpen] = useState(false);
  const { mails } = world;
  if (!mails) return null;
  return html`<div class="faults-place">
    <button type="button" class="button faults-button" onClick=${() => setOpen(true)} aria-haspopup="dialog">
      ${h(Icon, { name: "mail" })}<span class="faults-label">${words.mails(mails.length)}</span>
      ${mails.length > 0 && html`<span class="faults-count" aria-hidden="true">${mails.length}</span>`}
    </button>
    ${isOpen && h(MailDrawer, { mails, close: () => setOpen(false) })}
  </div>`;
}

function FaultsButton() {
  const { world, words } = usePage();
  const [isOpen, setOpen] = useState(false);
  const count = world.faults.length;
  return html`<div class="faults-place">
    <button type="button" class=${`button faults-button ${count ? "is-on" : ""}`} onClick=${() => setOpen(true)}
      aria-haspopup="dialog">
      ${h(Icon, { name: "fault" })}<span class="faults-label">${count ? words.faultsOn(count) : words.faults}</span>
      ${count > 0 && html`<span class="faults-count" aria-hidden="true">${count}</span>`}
    </button>
    ${isOpen && h(FaultsDrawer, { close: () => setOpen(false) })}
  </div>`;
}

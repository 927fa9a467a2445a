import { h } from "preact";
import { act } from "./acts.ts";
import { Avatar } from "./avatar.ts";
import { refreshWorld } from "./follow.ts";
import { html } from "./html.ts";
import { usePage } from "./page.ts";
import { directMessage } from "./places.ts";
import { current, go } from "./store.ts";

/** The app's own header: its Home tab and the direct messages with it. */
export function AppTabs({ open }: { open: "home" | "messages" }) {
  const { words } = usePage();
  const tabs = [
    { tab: "home", label: words.home, show: () => go({ place: "home", thread: undefined }) },
    { tab: "messages", label: words.messagesTab, show: () => void showMessages() },
  ];
  return html`<header class="pane-header app-header">
    <h1>${h(Avatar, { id: "app", name: "Deskline", isApp: true })}Deskline <span class="badge">${words.app}</span></h1>
    <nav class="tabs" aria-label="Deskline">
      ${tabs.map(
        ({
          tab,
          label,
          show,
        }) => html`<button type="button" aria-current=${tab === open ? "page" : undefined}
          onClick=${show}>${label}</button>`,
      )}
    </nav>
  </header>`;
}

async function showMessages(): Promise<void> {
  const acted = await act({ do: "open-dm" });
  if (!acted.ok) return;
  await refreshWorld();
  const { world } = current();
  const dm = world && directMessage(world);
  if (dm) go({ place: dm.id, thread: undefined });
}

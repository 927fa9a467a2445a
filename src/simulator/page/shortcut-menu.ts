import { h } from "preact";
import { runShortcut } from "./acts.ts";
import { Menu } from "./menu.ts";
import { usePage } from "./page.ts";

/** The app's global shortcuts, beside the field one writes in; nothing for whoever has none. */
export function ShortcutMenu() {
  const { world, words } = usePage();
  const items = world.shortcuts
    .filter(({ type }) => type === "global")
    .map(({ name, callbackId }) => ({ label: name, pick: () => void runShortcut(callbackId) }));
  return items.length > 0 ? h(Menu, { label: words.shortcuts, items, icon: "shortcut" }) : null;
}

import { h } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { html } from "./html.ts";
import { Icon, type IconName } from "./icons.ts";
import { steppedIndex } from "./keys.ts";

export type MenuItem = {
  label: string;
  /** Shown instead of the label, which stays the item's name. */
  symbol?: string;
  danger?: boolean;
  pick(): void;
};

type Props = { label: string; items: MenuItem[]; busy?: boolean; icon?: IconName };

/** A button with a menu; the popover stands above dialogs and closes by itself. */
export function Menu({ label, items, busy = false, icon = "more" }: Props) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const wasOpenAtPress = useRef(false);

  function toggle(): void {
    // A press on the button has closed the open list before the click arrives.
    const wasOpen = wasOpenAtPress.current;
    wasOpenAtPress.current = false;
    if (wasOpen || !button.current || !list.current) return;
    list.current.togglePopover();
    if (!isOpenNow(list.current)) return;
    placeBeside(list.current, button.current);
    entries(list.current)[0]?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!list.current) return;
    if (event.key === "Tab") list.current.hidePopover();
    const all = entries(list.current);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = steppedIndex(event.key, at, all.length);
    if (next === undefined) return;
    event.preventDefault();
    all[next]?.focus();
  }

  function pick(item: MenuItem): void {
    list.current?.hidePopover();
    button.current?.focus();
    item.pick();
  }

  return html`<span class="menu">
    <button type="button" ref=${button} class=${`icon-button ${busy ? "is-busy" : ""}`} onClick=${toggle} onPointerDown=${() => {
      wasOpenAtPress.current = isOpenNow(list.current);
    }}
      aria-haspopup="menu" aria-expanded=${isOpen} aria-label=${label} title=${label}
      aria-busy=${busy ? "true" : undefined}>${h(Icon, { name: icon })}</button>
    <div id=${id} ref=${list} popover="auto" role="menu" aria-label=${label} class="menu-list"
      onToggle=${(event: ToggleEvent) => setOpen(event.newState === "open")} onKeyDown=${onKeyDown}>
      ${items.map(
        (item) => html`<button type="button" role="menuitem" tabindex="-1"
          class=${`menu-item ${item.danger ? "is-danger" : ""} ${item.symbol ? "is-symbol" : ""}`}
          aria-label=${item.symbol && item.label} title=${item.symbol && item.label}
          onClick=${() => pick(item)}>${item.symbol ?? item.label}</button>`,
      )}
    </div>
  </span>`;
}

function isOpenNow(list: HTMLElement | null): boolean {
  return list?.matches(":popover-open") ?? false;
}

function entries(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

/** Below the button, or above it where there is no room; never outside of the window. */
function placeBeside(list: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { width, height } = list.getBoundingClientRect();
  const hasRoomBelow = anchor.bottom + height + 8 < innerHeight;
  const left = Math.max(8, Math.min(anchor.right - width, innerWidth - width - 8));
  list.style.left = `${left}px`;
  list.style.top = `${hasRoomBelow ? anchor.bottom + 4 : Math.max(8, anchor.top - height - 4)}px`;
}

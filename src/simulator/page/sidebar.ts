import { h } from "preact";
import { useEffect } from "preact/hooks";
import { addressHash } from "./address.ts";
import type { ChannelView } from "./contract.ts";
import { html, type View } from "./html.ts";
import { Icon, type IconName } from "./icons.ts";
import { usePage } from "./page.ts";
import { directMessage } from "./places.ts";

type Props = { place: string; isOpen: boolean; close(): void };

export function Sidebar({ place, isOpen, close }: Props) {
  const { world, words } = usePage();
  const workspace = world.workspaces.find(({ id }) => id === world.me.teamId);
  const channels = world.channels.filter(({ kind }) => kind !== "dm");
  const dm = directMessage(world);
  useEscape(isOpen, close);

  return html`<nav id="sidebar" class=${`sidebar ${isOpen ? "is-open" : ""}`} aria-label=${words.sidebar}>
    <h2 class="workspace">${workspace?.name}</h2>
    <h3>${words.channels}</h3>
    <ul>
      ${channels.map((channel) => h(ChannelLink, { key: channel.id, channel, isHere: channel.id === place }))}
    </ul>
    <h3>Deskline</h3>
    <ul>
      <li>${h(PlaceLink, { place: "home", icon: "home", name: words.home, isHere: place === "home" })}</li>
      ${
        dm &&
        html`<li>${h(PlaceLink, { place: dm.id, icon: "messages", name: words.messagesTab, isHere: place === dm.id, unread: place === dm.id ? 0 : dm.unread })}</li>`
      }
    </ul>
  </nav>`;
}

function ChannelLink({ channel, isHere }: { channel: ChannelView; isHere: boolean }) {
  const { words } = usePage();
  const notes = [
    channel.kind === "private" && words.private,
    channel.isShared && words.shared,
    channel.isArchived && words.archived,
  ].filter((note) => note !== false);
  const icon = channel.kind === "private" ? "lock" : channel.isShared ? "shared" : "channel";
  return html`<li class=${channel.isArchived ? "is-archived" : ""}>
    ${h(PlaceLink, { place: channel.id, icon, name: channel.name, notes, isHere, unread: isHere ? 0 : channel.unread })}
  </li>`;
}

type LinkProps = {
  place: string;
  icon: IconName;
  name: string;
  notes?: string[];
  isHere: boolean;
  unread?: number;
};

function PlaceLink({ place, icon, name, notes = [], isHere, unread = 0 }: LinkProps): View {
  const { state, words } = usePage();
  const href = addressHash({ ...state.address, place, thread: undefined });
  return html`<a href=${href} class=${unread ? "has-unread" : ""} aria-current=${isHere ? "page" : undefined}>
    ${h(Icon, { name: icon })}<span class="place-name">${name}</span>
    ${notes.length > 0 && html`<span class="sr-only">, ${notes.join(", ")}</span>`}
    ${
      unread > 0 &&
      html`<span class="unread"><span aria-hidden="true">${unread}</span><span class="sr-only">, ${words.unread(unread)}</span></span>`
    }
  </a>`;
}

function useEscape(isOpen: boolean, close: () => void): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") close();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [isOpen]);
}

import { h } from "preact";
import { act } from "./acts.ts";
import type { ChannelView } from "./contract.ts";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { Menu, type MenuItem } from "./menu.ts";
import { usePage } from "./page.ts";
import type { Words } from "./words.ts";

export function ChannelHeader({ channel }: { channel: ChannelView }) {
  const { world, words } = usePage();
  const names = channel.memberIds.map((id) => world.names[id] ?? id);
  const icon = channel.kind === "private" ? "lock" : "channel";

  return html`<header class="pane-header">
    <h1>${h(Icon, { name: icon })}${channel.name}</h1>
    <p class="pane-facts">
      <span title=${names.join(", ")}>${h(Icon, { name: "people" })}${words.members(names.length)}</span>
      ${!channel.appIsMember && html`<span class="app-missing">${words.appNotHere}</span>`}
      ${channel.isShared && html`<span title=${words.sharedNote}>${h(Icon, { name: "shared" })}<span class="fact-text">${words.sharedNote}</span></span>`}
    </p>
    ${h(Menu, { label: words.channelActions, items: channelActions(channel, words) })}
  </header>`;
}

function channelActions({ id, appIsMember, isArchived }: ChannelView, words: Words): MenuItem[] {
  const doing = appIsMember ? ("remove-app" as const) : ("invite-app" as const);
  return [
    {
      label: appIsMember ? words.removeApp : words.inviteApp,
      pick: () => void act({ do: doing, channel: id }),
    },
    {
      label: isArchived ? words.unarchive : words.archive,
      danger: !isArchived,
      pick: () => void act({ do: "archive", channel: id, archived: !isArchived }),
    },
  ];
}

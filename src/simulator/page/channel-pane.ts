import { h } from "preact";
import { AppTabs } from "./app-tabs.ts";
import { ChannelHeader } from "./channel-header.ts";
import { Composer } from "./composer.ts";
import type { ChannelView } from "./contract.ts";
import { FirstVisit } from "./first-visit.ts";
import { html } from "./html.ts";
import { MessageList } from "./message-list.ts";
import { usePage } from "./page.ts";
import { channelLabel } from "./places.ts";
import { ThreadPane } from "./thread-pane.ts";

export function ChannelPane({ channel }: { channel: ChannelView }) {
  const { state, words } = usePage();
  const { thread } = state.address;
  const label = channelLabel(channel);
  const running = state.running.filter(({ place }) => place === channel.id);

  return html`<div class=${`conversation ${thread ? "has-thread" : ""}`}>
    <main class="pane" id="main" tabindex="-1" aria-label=${label}>
      ${channel.kind === "dm" ? h(AppTabs, { open: "messages" }) : h(ChannelHeader, { channel })}
      ${h(FirstVisit, {})}
      ${h(MessageList, { channel: channel.id, label: words.messagesIn(label), beginning: words.beginning(label) })}
      <div class="running" role="status">${running.map(({ text }) => html`<p>${words.running(text)}</p>`)}</div>
      ${
        channel.isArchived
          ? html`<p class="archived-note">${words.isArchived}</p>`
          : h(Composer, { key: channel.id, channel: channel.id, name: words.writeTo(label) })
      }
    </main>
    ${thread && h(ThreadPane, { key: thread, channel, threadTs: thread })}
  </div>`;
}

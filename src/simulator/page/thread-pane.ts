import { h } from "preact";
import { useEffect } from "preact/hooks";
import { Composer } from "./composer.ts";
import type { ChannelView } from "./contract.ts";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { MessageList } from "./message-list.ts";
import { usePage } from "./page.ts";
import { channelLabel } from "./places.ts";
import { go } from "./store.ts";

type Props = { channel: ChannelView; threadTs: string };

export function ThreadPane({ channel, threadTs }: Props) {
  const { words } = usePage();
  const label = words.threadIn(channelLabel(channel));
  useEffect(() => () => returnFocus(threadTs), []);

  return html`<aside class="thread" id="thread" tabindex="-1" aria-label=${label}>
    <header class="pane-header">
      <h2>${words.thread}<span class="thread-place">${channelLabel(channel)}</span></h2>
      <button type="button" class="icon-button" aria-label=${words.closeThread} title=${words.closeThread}
        onClick=${() => go({ thread: undefined })}>${h(Icon, { name: "close" })}</button>
    </header>
    ${h(MessageList, { channel: channel.id, threadTs, label })}
    ${
      channel.isArchived
        ? html`<p class="archived-note">${words.isArchived}</p>`
        : h(Composer, { channel: channel.id, threadTs, name: words.writeReply })
    }
  </aside>`;
}

/** To the button that opened the thread, unless the person has gone elsewhere. */
function returnFocus(threadTs: string): void {
  if (document.activeElement && document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>(`[data-replies-of="${CSS.escape(threadTs)}"]`)?.focus();
}

import { h } from "preact";
import { useState } from "preact/hooks";
import { Avatar } from "./avatar.ts";
import { Blocks } from "./blocks.ts";
import type { MessageView } from "./contract.ts";
import { clock, dateOfTs, fullDate } from "./dates.ts";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { MessageEdit } from "./message-edit.ts";
import { MessageFiles } from "./message-files.ts";
import { MessageMenu } from "./message-menu.ts";
import { Mrkdwn } from "./mrkdwn-view.ts";
import { usePage } from "./page.ts";
import { Reactions } from "./reactions.ts";
import { go } from "./store.ts";
import { SurfaceContext, useOpenSurface } from "./surface.ts";

type Props = { message: MessageView; isInThread: boolean; follows: boolean };

export function Message({ message, isInThread, follows }: Props) {
  const { world, words } = usePage();
  const [isEditing, setEditing] = useState(false);
  const name = message.username ?? world.names[message.userId] ?? message.userId;
  const isApp = !world.people.some(({ id }) => id === message.userId);
  const headId = `head-${isInThread ? "thread" : "channel"}-${message.ts}`;
  const className = `message ${follows ? "follows" : ""} ${message.ephemeral ? "is-ephemeral" : ""}`;

  return html`<article class=${className} aria-labelledby=${headId} data-ts=${message.ts}>
    <div class="message-side">${!follows && h(Avatar, { id: message.userId, name, isApp, pictureUrl: message.pictureUrl })}</div>
    <div class="message-body">
      ${message.ephemeral && html`<p class="only-you">${h(Icon, { name: "eye" })}${words.onlyYou}</p>`}
      <p class=${`message-head ${follows ? "sr-only" : ""}`} id=${headId}>
        <strong>${name}</strong>${isApp && html` <span class="badge">${words.app}</span>`} ${h(Time, { ts: message.ts })}
      </p>
      ${
        isEditing
          ? h(MessageEdit, { message, done: () => setEditing(false) })
          : h(Content, { message, isInThread })
      }
      ${h(Reactions, { message })}
      ${!isInThread && message.replyCount > 0 && h(Replies, { message })}
    </div>
    ${!message.ephemeral && !isEditing && h(MessageMenu, { message, name, isInThread, edit: () => setEditing(true) })}
  </article>`;
}

function Time({ ts }: { ts: string }) {
  const { language } = usePage();
  const date = dateOfTs(ts);
  return html`<time datetime=${date.toISOString()} title=${fullDate(date, language)}>${clock(date, language)}</time>`;
}

function Content({ message, isInThread }: { message: MessageView; isInThread: boolean }) {
  const { words } = usePage();
  const { channel, ts, blocks } = message;
  const id = `${isInThread ? "thread" : "channel"}-${ts}`;
  const surface = useOpenSurface(id, { message: { channel, ts } }, blocks);
  return html`<div class="message-content">
    ${
      blocks.length > 0
        ? h(SurfaceContext.Provider, { value: surface }, h(Blocks, { blocks }))
        : message.text !== "" && h(Mrkdwn, { text: message.text })
    }
    ${h(MessageFiles, { files: message.files })}
    ${message.edited && html`<span class="quiet">${words.edited}</span>`}
  </div>`;
}

function Replies({ message }: { message: MessageView }) {
  const { words } = usePage();
  return html`<button type="button" class="replies" data-replies-of=${message.ts}
    onClick=${() => go({ thread: message.ts })}>${h(Icon, { name: "thread" })}${words.replies(message.replyCount)}</button>`;
}

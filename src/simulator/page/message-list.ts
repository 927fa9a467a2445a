import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Language, MessageView } from "./contract.ts";
import { dateOfTs, dayName, isSameDay } from "./dates.ts";
import { html } from "./html.ts";
import { Message } from "./message.ts";
import { type Page, usePage } from "./page.ts";
import { listKey, type Sending } from "./store.ts";
import { UnsentMessage } from "./unsent-message.ts";

const GROUP_SECONDS = 300;

type Props = { channel: string; threadTs?: string; label: string; beginning?: string };

export function MessageList({ channel, threadTs, label, beginning }: Props) {
  const { state, world, language, words } = usePage();
  const messages = state.lists[listKey(channel, threadTs)];
  const unsent = messages
    ? stillUnsent(state.sending, messages, { channel, threadTs, me: world.me.id })
    : [];
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);

  useLayoutEffect(() => {
    if (list.current && isAtEnd.current) list.current.scrollTop = list.current.scrollHeight;
  });

  function onScroll(): void {
    const box = list.current;
    if (box) isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  }

  return html`<div class="messages" ref=${list} onScroll=${onScroll} tabindex="0" role="log" aria-live="polite"
    aria-label=${label} aria-busy=${messages ? undefined : "true"}>
    <div class="messages-inner">
      ${messages && beginning && html`<p class="beginning">${beginning}</p>`}
      ${messages?.map((message, index) => {
        const before = messages[index - 1];
        return [
          !threadTs &&
            h(DayLine, { key: `day-${message.ts}`, message, before, language, today: words.today }),
          h(Message, {
            key: keyOf(message),
            message,
            isInThread: threadTs !== undefined,
            follows: continues(message, before),
          }),
          message.ts === threadTs &&
            html`<p class="replies-line" key="replies">${words.replies(message.replyCount)}</p>`,
        ];
      })}
      ${unsent.map((sending) => h(UnsentMessage, { key: `unsent-${sending.id}`, sending }))}
    </div>
  </div>`;
}

/** An ephemeral message may share its time with a lasting one. */
function keyOf({ ts, ephemeral }: MessageView): string {
  return ephemeral ? `${ts}-ephemeral` : ts;
}

type DayProps = {
  message: MessageView;
  before: MessageView | undefined;
  language: Page["language"];
  today: string;
};

function DayLine({ message, before, language, today }: DayProps) {
  const day = dateOfTs(message.ts);
  if (before && isSameDay(dateOfTs(before.ts), day)) return null;
  return html`<p class="day"><span>${nameOfDay(day, language, today)}</span></p>`;
}

function nameOfDay(day: Date, language: Language, today: string): string {
  return isSameDay(day, new Date()) ? today : dayName(day, language);
}

/** Messages of one person in quick succession stand under one name. */
function continues(message: MessageView, before: MessageView | undefined): boolean {
  if (!before || message.ephemeral || before.ephemeral || before.replyCount > 0) return false;
  const seconds = Number.parseFloat(message.ts) - Number.parseFloat(before.ts);
  return (
    before.userId === message.userId &&
    before.username === message.username &&
    seconds < GROUP_SECONDS
  );
}

/** Without those whose own copy has come back already. */
function stillUnsent(
  sending: Sending[],
  messages: MessageView[],
  at: { channel: string; threadTs: string | undefined; me: string },
): Sending[] {
  return sending.filter(
    ({ channel, threadTs, after }) =>
      channel === at.channel &&
      threadTs === at.threadTs &&
      !messages.some((message) => message.ts > after && message.userId === at.me),
  );
}

import { h } from "preact";
import { actOnMessage, runShortcut } from "./acts.ts";
import { useConfirm } from "./confirm.ts";
import type { MessageView } from "./contract.ts";
import { emojiOf, quickReactions } from "./emoji.ts";
import { withoutMessage } from "./guesses.ts";
import { html } from "./html.ts";
import { Menu, type MenuItem } from "./menu.ts";
import { usePage } from "./page.ts";
import { react } from "./reactions.ts";
import { go } from "./store.ts";

type Props = { message: MessageView; name: string; isInThread: boolean; edit(): void };

export function MessageMenu({ message, name, isInThread, edit }: Props) {
  const { world, words } = usePage();
  const { question, ask } = useConfirm();
  const isMine = message.userId === world.me.id;
  const { channel, ts } = message;

  async function remove(): Promise<void> {
    const isSure = await ask({
      title: { type: "plain_text", text: words.deleteQuestion },
      text: { type: "plain_text", text: words.deleteText },
      confirm: { type: "plain_text", text: words.delete },
      style: "danger",
    });
    if (isSure)
      await actOnMessage({ do: "delete", channel, ts }, (lists) => withoutMessage(lists, ts));
  }

  const items: MenuItem[] = [
    ...quickReactions.map((reaction) => ({
      label: words.react(reaction),
      symbol: emojiOf(reaction) ?? reaction,
      pick: () => react(message, reaction, world.me.id),
    })),
    ...(isInThread
      ? []
      : [{ label: words.replyInThread, pick: () => go({ thread: message.threadTs ?? ts }) }]),
    ...world.shortcuts
      .filter(({ type }) => type === "message")
      .map(({ name: label, callbackId }) => ({
        label,
        pick: () => void runShortcut(callbackId, { channel, ts }),
      })),
    ...(isMine
      ? [
          { label: words.edit, pick: edit },
          { label: words.delete, danger: true, pick: () => void remove() },
        ]
      : []),
  ];
  return html`<div class="message-menu">${h(Menu, { label: words.messageActions(name), items })}${question}</div>`;
}

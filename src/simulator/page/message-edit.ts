import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { actOnMessage } from "./acts.ts";
import type { MessageView } from "./contract.ts";
import { withEdit } from "./guesses.ts";
import { html } from "./html.ts";
import { isComposing } from "./keys.ts";
import { usePage } from "./page.ts";
import { typedText } from "./typed-text.ts";

export function MessageEdit({ message, done }: { message: MessageView; done(): void }) {
  const { world, words } = usePage();
  const before = typedText(message.text, world.names);
  const [text, setText] = useState(before);
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);

  function save(event: Event): void {
    event.preventDefault();
    done();
    const { channel, ts } = message;
    if (text.trim() === "" || text === before) return;
    void actOnMessage({ do: "edit", channel, ts, text }, (lists) => withEdit(lists, ts, text));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === "Escape") done();
    if (event.key === "Enter" && !event.shiftKey) save(event);
  }

  return html`<form class="message-edit" onSubmit=${save}>
    <textarea ref=${field} class="text-input" rows="2" aria-label=${words.editMessage} value=${text}
      onInput=${(event: Event) => setText((event.currentTarget as HTMLTextAreaElement).value)}
      onKeyDown=${onKeyDown}></textarea>
    <div class="message-edit-buttons">
      <button type="button" class="button" onClick=${done}>${words.cancel}</button>
      <button type="submit" class="button primary">${words.save}</button>
    </div>
  </form>`;
}

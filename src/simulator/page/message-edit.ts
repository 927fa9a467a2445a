import { useEffect, useRef, useState } from "preact/hooks";
import { actOnMessage } from "./acts.ts";
import type { MessageView } from "./contract.ts";
import { unescapeText, withEdit } from "./guesses.ts";
import { html } from "./html.ts";
import { isComposing } from "./keys.ts";
import { usePage } from "./page.ts";

export function MessageEdit({ message, done }: { message: MessageView; done(): void }) {
  const { words } = usePage();
  const [text, setText] = useState(unescapeText(message.text));
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);

  function save(event: Event): void {
    event.preventDefault();
    done();
    const { channel, ts } = message;
    if (text.trim() === "" || text === unescapeText(message.text)) return;
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

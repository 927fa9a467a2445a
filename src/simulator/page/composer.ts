import { h } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { runCommand, send } from "./acts.ts";
import { CommandChoices, useCommandChoices } from "./command-choices.ts";
import type { FileView } from "./contract.ts";
import { dropDraft, keepDraft, keptDraft } from "./drafts.ts";
import { ChosenFiles, FileChoice } from "./file-choice.ts";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { isComposing } from "./keys.ts";
import { showNotice } from "./notices.ts";
import { usePage } from "./page.ts";
import { ShortcutMenu } from "./shortcut-menu.ts";
import { listKey } from "./store.ts";

type Props = { channel: string; threadTs?: string; name: string };

export function Composer({ channel, threadTs, name }: Props) {
  const { world, words } = usePage();
  const place = `${world.me.id}/${listKey(channel, threadTs)}`;
  const [text, setText] = useState(keptDraft(place));
  const [files, setFiles] = useState<FileView[]>([]);
  const isEmpty = text.trim() === "" && files.length === 0;
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const choices = useCommandChoices(text, (command) => write(`${command} `));

  useLayoutEffect(() => {
    // On a phone the keyboard would cover what one came to read.
    if (matchMedia("(hover: hover)").matches) field.current?.focus({ preventScroll: true });
  }, []);

  function write(next: string): void {
    keepDraft(place, next);
    setText(next);
  }

  async function submit(): Promise<void> {
    if (isEmpty) return;
    const command = /^(?<name>\/\S+)\s*(?<words>[\s\S]*)$/.exec(text)?.groups;
    if (command && threadTs) {
      showNotice(words.notInThread(command.name ?? ""));
      return;
    }
    dropDraft(place);
    setText("");
    setFiles([]);
    const isDone = command
      ? await runCommand(channel, command.name ?? "", command.words?.trim() ?? "")
      : await send(channel, threadTs, {
          text: text.trim(),
          files: files.map(({ id: fileId }) => fileId),
        });
    if (!isDone) giveBack(text, files);
  }

  /** What was refused comes back, unless the person has begun something new. */
  function giveBack(refused: string, chosen: FileView[]): void {
    setFiles((now) => (now.length === 0 ? chosen : now));
    if (keptDraft(place) === "") write(refused);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event) || choices.onKeyDown(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void submit();
  }

  return html`<form class="composer" onSubmit=${(event: Event) => {
    event.preventDefault();
    void submit();
  }}>
    ${h(ShortcutMenu, {})}
    ${h(CommandChoices, { id: `${id}-list`, ...choices })}
    ${h(ChosenFiles, { files, change: setFiles })}
    <label class="sr-only" for=${id}>${name}</label>
    <textarea id=${id} ref=${field} rows="1" value=${text} placeholder=${name}
      aria-describedby=${`${id}-keys`} aria-autocomplete="list" aria-haspopup="listbox"
      aria-controls=${choices.found.length > 0 ? `${id}-list` : undefined}
      aria-activedescendant=${choices.found.length > 0 ? `${id}-list-${choices.at}` : undefined}
      onInput=${(event: Event) => write((event.currentTarget as HTMLTextAreaElement).value)}
      onKeyDown=${onKeyDown}></textarea>
    ${h(FileChoice, { naming: { id: `${id}-files` }, files, change: setFiles, compact: true })}
    <button type="submit" class="icon-button send" aria-label=${words.send} title=${words.send}
      aria-disabled=${isEmpty ? "true" : undefined}>${h(Icon, { name: "send" })}</button>
    <p class="keys" id=${`${id}-keys`}>${words.keys}</p>
  </form>`;
}

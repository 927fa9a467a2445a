import { h } from "preact";
import { useRef, useState } from "preact/hooks";
import type { FileView } from "./contract.ts";
import { fileSize } from "./file-size.ts";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { showNotice } from "./notices.ts";
import { usePage } from "./page.ts";
import { uploadFile } from "./requests.ts";
import { ariaOf, type Naming } from "./use-element.ts";

type Props = {
  naming: Naming;
  files: FileView[];
  change(files: FileView[]): void;
  /** A bare button with a paper clip; its files are listed elsewhere. */
  compact?: boolean;
};

/** Chooses files and uploads them at once, as Slack's client does. */
export function FileChoice({ naming, files, change, compact = false }: Props) {
  const { world, words } = usePage();
  const input = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);

  async function take(event: Event): Promise<void> {
    const chosen = [...((event.currentTarget as HTMLInputElement).files ?? [])];
    if (input.current) input.current.value = "";
    setBusy(true);
    try {
      const uploaded = await Promise.all(chosen.map((file) => uploadFile(world.me.id, file)));
      change([...files, ...uploaded]);
    } catch {
      showNotice(words.notUploaded);
    } finally {
      setBusy(false);
    }
  }

  const label = isBusy ? words.uploading : words.attach;
  const open = () => input.current?.click();
  return html`<div class="file-choice">
    <input ref=${input} type="file" multiple hidden onChange=${take} data-files-of=${naming.id} />
    ${
      compact
        ? html`<button type="button" class="icon-button" ...${ariaOf({ ...naming, label })} title=${label}
            onClick=${open}>${h(Icon, { name: "clip" })}</button>`
        : html`<button type="button" class="button" ...${ariaOf(naming)} onClick=${open}>${label}</button>`
    }
    ${!compact && h(ChosenFiles, { files, change })}
  </div>`;
}

export function ChosenFiles({ files, change }: Pick<Props, "files" | "change">) {
  const { words } = usePage();
  if (files.length === 0) return undefined;
  return html`<ul class="chosen-files">
    ${files.map(
      (file) => html`<li key=${file.id}>
        <span class="file-name">${file.name}</span> <span class="quiet">${fileSize(file.size)}</span>
        <button type="button" class="icon-button" aria-label=${words.removeFile(file.name)}
          title=${words.removeFile(file.name)}
          onClick=${() => change(files.filter((each) => each.id !== file.id))}>
          ${h(Icon, { name: "close" })}
        </button>
      </li>`,
    )}
  </ul>`;
}

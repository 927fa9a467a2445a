import type { Confirm } from "@slack/types";
import { h } from "preact";
import { useId, useState } from "preact/hooks";
import { Dialog } from "./dialog.ts";
import { html, type View } from "./html.ts";
import { usePage } from "./page.ts";
import { TextView } from "./text-view.ts";

type Asked = { confirm: Confirm; answer(yes: boolean): void };

/** A yes-or-no question before something happens. */
export function useConfirm(): {
  question: View | undefined;
  ask(confirm: Confirm): Promise<boolean>;
} {
  const [asked, setAsked] = useState<Asked>();

  function ask(confirm: Confirm): Promise<boolean> {
    return new Promise((resolve) => {
      const answer = (yes: boolean) => {
        setAsked(undefined);
        resolve(yes);
      };
      setAsked({ confirm, answer });
    });
  }

  return { question: asked && h(Question, asked), ask };
}

function Question({ confirm, answer }: Asked) {
  const { words } = usePage();
  const id = useId();
  const style = confirm.style === "danger" ? "danger" : "primary";
  return h(
    Dialog,
    { labelledBy: id, className: "question", role: "alertdialog", onCancel: () => answer(false) },
    html`<div class="question-body">
      <h2 id=${id}>${confirm.title?.text ?? confirm.confirm?.text ?? words.confirm}</h2>
      ${h(TextView, { text: confirm.text })}
      <div class="question-buttons">
        <button type="button" class="button" onClick=${() => answer(false)}>
          ${confirm.deny?.text ?? words.cancel}
        </button>
        <button type="button" class=${`button ${style}`} autofocus onClick=${() => answer(true)}>
          ${confirm.confirm?.text ?? words.confirm}
        </button>
      </div>
    </div>`,
  );
}

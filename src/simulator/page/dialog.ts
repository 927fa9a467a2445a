import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { html } from "./html.ts";

type Props = {
  labelledBy: string;
  className: string;
  role?: "dialog" | "alertdialog";
  /** Escape was pressed; the owner decides whether the dialog goes. */
  onCancel(): void;
  children?: ComponentChildren;
};

/** A modal dialog of the browser's own: it keeps the focus inside and gives it back when it goes. */
export function Dialog({ labelledBy, className, role = "dialog", onCancel, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  function cancel(event: Event): void {
    if (event.target !== event.currentTarget) return; // a dialog inside of this one
    event.preventDefault();
    onCancel();
  }

  return html`<dialog ref=${ref} class=${className} role=${role} aria-labelledby=${labelledBy} onCancel=${cancel}>
    ${children}
  </dialog>`;
}

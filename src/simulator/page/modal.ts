import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { closeModal } from "./acts.ts";
import { Blocks } from "./blocks.ts";
import type { ModalView } from "./contract.ts";
import { Dialog } from "./dialog.ts";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { useModalForm } from "./modal-form.ts";
import { NoticesView } from "./notices-view.ts";
import { usePage } from "./page.ts";
import { SurfaceContext } from "./surface.ts";

type Props = { view: ModalView; isTop: boolean; isStacked: boolean };

export function Modal({ view, isTop, isStacked }: Props) {
  const { words } = usePage();
  const { surface, trouble, isBusy, submit } = useModalForm(view);
  const form = useRef<HTMLFormElement>(null);
  const titleId = `${view.id}-title`;
  const close = () => void closeModal(view.id);
  const closeAll = () => void closeModal(view.id, isStacked);
  const closeLabel = isStacked ? words.closeAll : words.close;

  useLayoutEffect(() => focusFirst(form.current), [view.hash]);
  useLayoutEffect(() => focusFirstError(form.current), [surface.errors]);

  const content = html`<form ref=${form} class="modal-form" novalidate onSubmit=${submit} aria-busy=${isBusy ? "true" : undefined}>
    <header class="modal-header">
      <h2 id=${titleId} tabindex="-1">${view.title}</h2>
      <button type="button" class="icon-button" aria-label=${closeLabel} title=${closeLabel} onClick=${closeAll}>
        ${h(Icon, { name: "close" })}
      </button>
    </header>
    <div class="modal-body">${h(Blocks, { blocks: view.blocks })}</div>
    <div class="modal-trouble" role="alert">${trouble && html`<p>${trouble}</p>`}</div>
    <footer class="modal-footer">
      <span class="sr-only" role="status">${isBusy ? words.submitting : ""}</span>
      <button type="button" class="button" onClick=${close}>${view.close ?? words.cancel}</button>
      ${
        view.submit &&
        html`<button type="submit" class=${`button primary ${isBusy ? "is-busy" : ""}`}
          aria-disabled=${isBusy ? "true" : undefined}>${view.submit}</button>`
      }
    </footer>
    ${h(NoticesView, { isFront: isTop })}
  </form>`;
  return h(
    Dialog,
    { labelledBy: titleId, className: `modal ${isTop ? "" : "is-below"}`, onCancel: close },
    h(SurfaceContext.Provider, { value: surface }, content),
  );
}

/** To the first field, when the modal opens and when an update brings fields; never away from a field in use. */
function focusFirst(form: HTMLFormElement | null): void {
  const { activeElement } = document;
  if (!form || (form.contains(activeElement) && activeElement?.matches("input, textarea, select")))
    return;
  const field = form.querySelector<HTMLElement>(".modal-body :is(input, textarea, select, button)");
  (field ?? form.querySelector<HTMLElement>("h2"))?.focus();
}

function focusFirstError(form: HTMLFormElement | null): void {
  const control = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  const target = control?.matches("[role]") ? control.querySelector<HTMLElement>("input") : control;
  target?.focus();
}

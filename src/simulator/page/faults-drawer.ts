import { h } from "preact";
import { useId } from "preact/hooks";
import { act } from "./acts.ts";
import type { FaultView } from "./contract.ts";
import { Dialog } from "./dialog.ts";
import { FaultForm } from "./fault-form.ts";
import { html } from "./html.ts";
import { Icon } from "./icons.ts";
import { NoticesView } from "./notices-view.ts";
import { usePage } from "./page.ts";

export function FaultsDrawer({ close }: { close(): void }) {
  const { world, words } = usePage();
  const id = useId();
  const content = html`<div class="drawer-content">
    <header class="modal-header">
      <h2 id=${id}>${words.faults}</h2>
      <button type="button" class="icon-button" aria-label=${words.close} title=${words.close} onClick=${close}>
        ${h(Icon, { name: "close" })}
      </button>
    </header>
    <p class="quiet">${words.faultsIntro}</p>
    <h3>${words.faultsActive}</h3>
    <div role="status">
      ${
        world.faults.length === 0
          ? html`<p class="quiet">${words.noFaults}</p>`
          : html`<ul class="faults">${world.faults.map((fault) => h(ActiveFault, { key: fault.id, fault }))}</ul>`
      }
    </div>
    ${
      world.faults.length > 1 &&
      html`<button type="button" class="button" onClick=${() => void act({ do: "end-fault" })}>${words.faultEndAll}</button>`
    }
    <h3>${words.faultNew}</h3>
    ${h(FaultForm, {})}
    ${h(NoticesView, { isFront: true })}
  </div>`;
  return h(Dialog, { labelledBy: id, className: "drawer", onCancel: close }, content);
}

function ActiveFault({ fault }: { fault: FaultView }) {
  const { words } = usePage();
  const { id, kind, ...detail } = fault;
  const name = words.faultNames[kind];
  return html`<li>
    <div><strong>${name}</strong><br /><span class="quiet">${words.faultDetail(detail)}</span></div>
    <button type="button" class="button" aria-label=${`${words.faultEnd}: ${name}`}
      onClick=${() => void act({ do: "end-fault", id })}>${words.faultEnd}</button>
  </li>`;
}

import { h } from "preact";
import type { ModalView } from "./contract.ts";
import { Modal } from "./modal.ts";

/** The one on top is shown; those below keep what was typed in them. */
export function ModalStack({ modals }: { modals: ModalView[] }) {
  return modals.map((view, index) =>
    h(Modal, { key: view.id, view, isTop: index === modals.length - 1, isStacked: index > 0 }),
  );
}

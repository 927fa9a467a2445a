import type { Confirm } from "@slack/types";
import { useState } from "preact/hooks";
import { useConfirm } from "./confirm.ts";
import type { ElementState } from "./contract.ts";
import { type Element, initialState } from "./element-state.ts";
import type { View } from "./html.ts";
import { useSurface } from "./surface.ts";

/** How an element is named and described to a screen reader. */
export type Naming = {
  id: string;
  /** Of an element that stands without a visible label. */
  label?: string | undefined;
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
  required?: boolean | undefined;
};

export type ElementProps<E extends Element> = {
  element: E;
  blockId: string;
  naming: Naming;
  /** Whether a change is sent to the app; in an input block only with dispatch_action. */
  dispatches: boolean;
};

export function ariaOf({ id, label, labelledBy, describedBy, invalid, required }: Naming) {
  return {
    id,
    "aria-label": label,
    "aria-labelledby": labelledBy,
    "aria-describedby": describedBy,
    "aria-invalid": invalid ? "true" : undefined,
    "aria-required": required ? "true" : undefined,
  };
}

type Used = {
  state: ElementState;
  busy: boolean;
  /** The confirmation question while it is open. */
  question: View | undefined;
  /** Takes a new value, and sends it where the element does that. */
  choose(state: ElementState): Promise<void>;
  /** Takes a new value without sending it. */
  hold(state: ElementState): void;
  press(state: ElementState): Promise<void>;
};

export function useElement<E extends Element>({
  element,
  blockId,
  dispatches,
}: ElementProps<E>): Used {
  const surface = useSurface();
  const [busy, setBusy] = useState(false);
  const { question, ask } = useConfirm();
  const actionId = ("action_id" in element && element.action_id) || "";
  const confirm: Confirm | undefined = "confirm" in element ? element.confirm : undefined;

  async function send(state: ElementState): Promise<void> {
    setBusy(true);
    try {
      await surface.press(blockId, actionId, state);
    } finally {
      setBusy(false);
    }
  }

  return {
    state: surface.values[blockId]?.[actionId] ?? initialState(element) ?? { type: element.type },
    busy,
    question,
    hold: (state) => surface.change(blockId, actionId, state),
    async choose(state) {
      if (confirm && dispatches && !(await ask(confirm))) return;
      surface.change(blockId, actionId, state);
      if (dispatches) await send(state);
    },
    async press(state) {
      if (busy || (confirm && !(await ask(confirm)))) return;
      await send(state);
    },
  };
}

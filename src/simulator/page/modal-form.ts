import { useEffect, useState } from "preact/hooks";
import { act, actQuietly } from "./acts.ts";
import { checkInput } from "./check-input.ts";
import type { ModalView, StateValues } from "./contract.ts";
import { currentValues } from "./element-state.ts";
import { refreshWorld } from "./follow.ts";
import { usePage } from "./page.ts";
import { type Surface, withState } from "./surface.ts";

const noErrors: Record<string, string> = {};

type ModalForm = {
  surface: Surface;
  /** Why the submission did not get through; what was typed stays. */
  trouble: string | undefined;
  isBusy: boolean;
  submit(event: Event): void;
};

export function useModalForm(view: ModalView): ModalForm {
  const { words } = usePage();
  const [typed, setTyped] = useState<StateValues>({});
  const [errors, setErrors] = useState(noErrors);
  const [trouble, setTrouble] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const values = currentValues(view.blocks, view.values, typed);

  useEffect(() => {
    setErrors(noErrors);
    setTrouble(undefined);
  }, [view.hash]);

  async function send(): Promise<void> {
    const found = checkInput(view.blocks, values, words);
    setErrors(found);
    setTrouble(undefined);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    const acted = await actQuietly({ do: "submit", viewId: view.id, values });
    if (acted.ok) await refreshWorld();
    else {
      setErrors(acted.errors ?? noErrors);
      setTrouble(acted.refused);
    }
    setBusy(false);
  }

  const surface: Surface = {
    id: view.id,
    values,
    errors,
    change(blockId, actionId, state) {
      setTyped((before) => withState(before, blockId, actionId, state));
    },
    async press(blockId, actionId, element) {
      // The choice itself may not have reached `values` yet.
      const now =
        element.type === "button" ? values : withState(values, blockId, actionId, element);
      await act({ do: "action", at: { viewId: view.id, values: now }, blockId, actionId, element });
      await refreshWorld();
    },
  };
  return {
    surface,
    trouble,
    isBusy,
    submit(event) {
      event.preventDefault();
      if (!isBusy) void send();
    },
  };
}

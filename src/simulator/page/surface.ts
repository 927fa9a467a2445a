import { createContext } from "preact";
import { useContext, useState } from "preact/hooks";
import { act } from "./acts.ts";
import type { Act, Block, ElementState, StateValues } from "./contract.ts";
import { currentValues } from "./element-state.ts";

/** What blocks stand on: a message, a modal or the Home tab. */
export type Surface = {
  /** Unique in the page; begins the ids of the surface's inputs. */
  id: string;
  values: StateValues;
  /** block_id → sentence. */
  errors: Record<string, string>;
  change(blockId: string, actionId: string, state: ElementState): void;
  /** Resolves when the app has answered, or failed to. */
  press(blockId: string, actionId: string, element: ElementState): Promise<void>;
};

export const SurfaceContext = createContext<Surface | undefined>(undefined);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error("a block outside of a message, modal or Home tab");
  return surface;
}

type At = Extract<Act, { do: "action" }>["at"];

/** A message or the Home tab: every choice is sent at once. */
export function useOpenSurface(id: string, at: At, blocks: Block[]): Surface {
  const [typed, setTyped] = useState<StateValues>({});
  return {
    id,
    values: currentValues(blocks, {}, typed),
    errors: {},
    change(blockId, actionId, state) {
      setTyped((before) => withState(before, blockId, actionId, state));
    },
    async press(blockId, actionId, element) {
      await act({ do: "action", at, blockId, actionId, element });
    },
  };
}

export function withState(
  values: StateValues,
  blockId: string,
  actionId: string,
  state: ElementState,
): StateValues {
  return { ...values, [blockId]: { ...values[blockId], [actionId]: state } };
}

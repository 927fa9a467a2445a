import { newId } from "./ids.ts";
import type { FaultKind, FaultView } from "./page/contract.ts";

export type Fault = Omit<FaultView, "id">;

export type Faults = {
  add(fault: Fault): string;
  end(id?: string): void;
  list(): FaultView[];
  /** The fault of one of these kinds that strikes now, counted as used. */
  strike(kinds: readonly FaultKind[], method?: string): FaultView | undefined;
  /** Whether it is on for everything, not for one method only. */
  isOn(kind: FaultKind): boolean;
};

/** What happens to open sockets when a fault begins. */
type Effects = { changed(): void; disconnect(): void; terminate(): void };
/** From 0 to 1, as Math.random gives them. */
export type Chance = () => number;

/** Faults switched on from the page or a test; `times` counts down to nothing. */
export function createFaults(
  { changed, disconnect, terminate }: Effects,
  chance: Chance = Math.random,
): Faults {
  const active = new Map<string, FaultView>();
  const spend = (fault: FaultView) => {
    if (fault.times === undefined) return;
    if (fault.times <= 1) active.delete(fault.id);
    else active.set(fault.id, { ...fault, times: fault.times - 1 });
    changed();
  };
  const isSpared = ({ share = 1 }: FaultView) => share < 1 && chance() >= share;
  return {
    add(fault) {
      const id = newId("F");
      if (fault.kind === "disconnect") disconnect();
      else active.set(id, { ...fault, id });
      if (fault.kind === "outage") terminate();
      changed();
      return id;
    },
    end(id) {
      if (id) active.delete(id);
      else active.clear();
      changed();
    },
    list: () => [...active.values()],
    strike(kinds, method) {
      for (const fault of active.values()) {
        if (!kinds.includes(fault.kind)) continue;
        if (fault.method && fault.method !== method) continue;
        if (isSpared(fault)) continue;
        spend(fault);
        return fault;
      }
      return undefined;
    },
    isOn: (kind) => [...active.values()].some((fault) => fault.kind === kind && !fault.method),
  };
}

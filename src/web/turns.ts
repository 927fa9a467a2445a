import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Lets one begin in each turn of the event loop, in the order in which they came. Node accepts one connection a turn: in
 * turns that begin all that came, who has just connected waits for seconds behind those on connections that stand.
 */
export function oneATurn(): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(() => nextTurn());
    return last;
  };
}

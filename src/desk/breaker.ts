import type { Logger } from "pino";
import { RetryLater, Silence } from "#errors.ts";
import type { DeskOperation, Metrics } from "#metrics.ts";
import type { Desk } from "./desk.ts";

const MOST_SILENCES = 5; // in a row; a worker has 20 places
const PAUSE_MS = 3000; // a desk that is back waits no longer to be asked

type Needs = { log: Logger; metrics: Metrics; now?: () => number };

/**
 * The same desk, which keeps no more than one place in the worker while it is silent. After five calls in a row that
 * ended in silence only one at a time is made, a pause after the last; the others end at once. The first that ends in
 * any other way, unless we stopped it ourselves, lets all through again.
 */
export function withBreaker(desk: Desk, needs: Needs): Desk {
  const { log, metrics, now = () => performance.now() } = needs;
  let silences = 0;
  let lastSilence: Silence | undefined;
  let probeAt = 0;
  let isProbing = false;

  async function ask<T>(
    operation: DeskOperation,
    signal: AbortSignal,
    call: () => Promise<T>,
  ): Promise<T> {
    if (silences < MOST_SILENCES) return learning(signal, call);
    if (isProbing || now() < probeAt) {
      throw held(operation);
    }
    isProbing = true;
    const end = () => {
      isProbing = false;
    };
    signal.addEventListener("abort", end); // a call that does not hear it must not be the last
    return learning(signal, call).finally(end);
  }

  function held(operation: DeskOperation): RetryLater {
    metrics.deskCallHeld(operation);
    return new RetryLater("the desk is silent, this call was not made", { cause: lastSilence });
  }

  async function learning<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    try {
      const answer = await call();
      heard();
      return answer;
    } catch (error) {
      if (error instanceof Silence) unheard(error);
      else if (!signal.aborted) heard();
      throw error;
    }
  }

  function heard(): void {
    if (silences >= MOST_SILENCES) log.info("the desk is no longer silent");
    silences = 0;
  }

  function unheard(silence: Silence): void {
    silences += 1;
    lastSilence = silence;
    probeAt = now() + PAUSE_MS;
    if (silences !== MOST_SILENCES) return;
    log.warn({ reason: silence.message }, "the desk is silent: calls to it are held back");
  }

  const attach = desk.attach?.bind(desk);
  return {
    ...desk,
    create: (ticket, signal) => ask("create", signal, () => desk.create(ticket, signal)),
    change: (ticket, change, signal) =>
      ask("change", signal, () => desk.change(ticket, change, signal)),
    ...(attach && {
      // A large file on a slow link is no silence of the desk, nor a probe of it.
      async attach(ticket, file, signal) {
        if (silences >= MOST_SILENCES) throw held("attach");
        return attach(ticket, file, signal);
      },
    }),
  };
}

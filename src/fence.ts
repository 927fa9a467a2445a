import { AsyncLocalStorage } from "node:async_hooks";
import { DecoratorHandler, type Dispatcher, getGlobalDispatcher } from "undici";

/** Throws what has broken it, the same for whoever asks after that. */
type Fence = { check(): void; broken?: { error: unknown } };

/**
 * Between the last look at a lease and the first byte on the wire a process may stand still: while a connection opens,
 * for one. A fence is asked in the very step that writes the request.
 */
const fences = new AsyncLocalStorage<Fence>();

/** No request that `work` makes with `fetchFenced` leaves once `mustHold` throws; what it threw is thrown then. */
export async function fenced<T>(mustHold: () => void, work: () => Promise<T>): Promise<T> {
  const fence: Fence = {
    check() {
      try {
        mustHold();
      } catch (error) {
        fence.broken ??= { error };
        throw error;
      }
    },
  };
  return breaking(fence, fences.run(fence, work));
}

/** `fetch`, behind the fence that stands here, if any. */
export async function fetchFenced(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const fence = fences.getStore();
  if (!fence) return fetch(input, init);
  fence.check();
  return breaking(fence, fetch(input, { ...init, dispatcher: behind(fence) }));
}

/** Whatever is made of the error on its way. */
async function breaking<T>(fence: Fence, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw fence.broken ? fence.broken.error : error;
  }
}

/** Node's own connections, whatever they are set to. */
function behind(fence: Fence): NonNullable<RequestInit["dispatcher"]> {
  const dispatcher: Dispatcher = getGlobalDispatcher().compose(
    (dispatch) => (options, handler) => dispatch(options, new AtTheFence(handler, fence)),
  );
  return dispatcher as never; // the types of Node's own undici are those of an earlier 7
}

/** As it is: its types leave the methods out. */
const Handler = DecoratorHandler as new (handler: Dispatcher.DispatchHandler) => Starting;
interface Starting {
  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void;
}

class AtTheFence extends Handler {
  readonly #fence: Fence;

  constructor(handler: Dispatcher.DispatchHandler, fence: Fence) {
    super(handler);
    this.#fence = fence;
  }

  override onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    super.onRequestStart(controller, context);
    try {
      this.#fence.check();
    } catch (error) {
      controller.abort(error as Error);
    }
  }
}

import type { Live } from "./contract.ts";

type Listener = { opened(): void; lost(): void; heard(live: Live): void };

/** Follows the server's events; returns the way to stop. */
export function listen(as: string, listener: Listener): () => void {
  let stopped = false;
  let source = connect();

  function connect(): EventSource {
    const events = new EventSource(`/sim/live?${new URLSearchParams({ as })}`);
    events.onopen = () => listener.opened();
    // The server only sends what contract.ts names.
    events.onmessage = (event) => listener.heard(JSON.parse(event.data) as Live);
    events.onerror = () => {
      listener.lost();
      // The browser tries again by itself, but not after an answer such as 502.
      if (events.readyState === EventSource.CLOSED) setTimeout(reconnect, 1000);
    };
    return events;
  }

  function reconnect(): void {
    if (!stopped) source = connect();
  }

  return () => {
    stopped = true;
    source.close();
  };
}

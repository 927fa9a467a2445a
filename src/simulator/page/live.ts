import type { Live } from "./contract.ts";

type Listener = { opened(): void; lost(): void; heard(live: Live): void };

/** Follows the server's events; returns the way to stop. */
export function listen(as: string, listener: Listener): () => void {
  let stopped = false;
  let source = connect();
  document.addEventListener("visibilitychange", followWhileSeen);

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
    if (!stopped && source.readyState === EventSource.CLOSED) source = connect();
  }

  /** A browser opens six connections to a host, and a tab for each person would take them all. */
  function followWhileSeen(): void {
    if (document.hidden) source.close();
    else reconnect();
  }

  return () => {
    stopped = true;
    document.removeEventListener("visibilitychange", followWhileSeen);
    source.close();
  };
}

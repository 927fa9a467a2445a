import { setTimeout as sleep } from "node:timers/promises";
import type { Faults } from "./faults.ts";
import {
  type Ack,
  type DeliveryKind,
  type Payload,
  postToApp,
  type Retry,
} from "./http-delivery.ts";
import type { Table } from "./persistence.ts";
import type { WitnessEntry } from "./sim.ts";
import type { SocketMode } from "./socket-mode.ts";

export type Delivery = {
  /** Commands and interactions: once, answered within 3 seconds or not at all. */
  interact(kind: "interactive" | "slash_commands", payload: Payload): Promise<Ack>;
  /** Events: up to 3 retries, in the background. */
  event(payload: Payload): void;
  /** Begins again with the events a former process left. */
  resume(): void;
  deliverTo(url: string | undefined): void;
  mode(): "http" | "socket" | "none";
  close(): void;
};

type Parts = {
  sockets: SocketMode;
  faults: Faults;
  secret: string;
  /** Milliseconds before the 1st, 2nd and 3rd retry of an event. */
  eventRetries: readonly number[];
  /** Events that are not through yet, by event_id; they outlive this process. */
  pending: Table<Payload>;
  changed(): void;
  witness(entry: WitnessEntry): void;
};

/** Payloads go to an open socket if there is one, else to the Request URL. */
export function createDelivery(parts: Parts, firstUrl?: string): Delivery {
  const { sockets, faults } = parts;
  const stop = new AbortController();
  let url = firstUrl;

  async function attempt(kind: DeliveryKind, payload: Payload, retry?: Retry): Promise<Ack> {
    const ack = await carry(kind, payload, retry);
    const outcome = ack.got === "status" ? String(ack.status) : ack.got;
    parts.witness({
      what: "delivery",
      kind,
      payload,
      outcome,
      ...(ack.got === "answer" && ack.body !== undefined && { answer: ack.body }),
      attempt: retry?.num ?? 0,
      at: Date.now(),
    });
    return ack;
  }

  async function carry(kind: DeliveryKind, payload: Payload, retry?: Retry): Promise<Ack> {
    if (faults.isOn("outage")) return { got: "unreachable" };
    if (sockets.isOpen()) return sockets.send(kind, payload, retry);
    if (!url) return { got: "unreachable" };
    return postToApp({ url, secret: parts.secret }, kind, payload, retry);
  }

  async function deliverEvent(payload: Payload): Promise<void> {
    let last = await attempt("events_api", payload);
    if (last.got === "answer" && faults.strike(["redelivery"]))
      last = await attempt("events_api", payload, { num: 1, reason: "http_timeout" });
    for (const [index, delay] of parts.eventRetries.entries()) {
      if (!isWorthRetrying(last)) return;
      await sleep(delay, undefined, { signal: stop.signal, ref: false });
      last = await attempt("events_api", payload, { num: index + 1, reason: reasonOf(last) });
    }
  }

  function start(payload: Payload): void {
    deliverEvent(payload)
      .then(() => {
        if (!stop.signal.aborted) parts.pending.remove(String(payload.event_id));
      })
      .catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
      });
  }

  return {
    async interact(kind, payload) {
      const ack = await attempt(kind, payload);
      if (ack.got === "answer" && faults.strike(["redelivery"])) await attempt(kind, payload);
      return ack;
    },
    event(payload) {
      parts.pending.put(String(payload.event_id), payload);
      start(payload);
    },
    resume() {
      for (const payload of parts.pending.values()) start(payload);
    },
    deliverTo(next) {
      url = next;
      parts.changed();
    },
    mode() {
      if (sockets.isOpen()) return "socket";
      return url ? "http" : "none";
    },
    close: () => stop.abort(),
  };
}

function isWorthRetrying(ack: Ack): boolean {
  if (ack.got === "answer" || ack.got === "bad-answer") return false;
  return !(ack.got === "status" && ack.noRetry);
}

function reasonOf(ack: Ack): string {
  if (ack.got === "timeout") return "http_timeout";
  if (ack.got !== "status") return "connection_failed";
  return ack.status >= 300 && ack.status < 400 ? "too_many_redirects" : "http_error";
}

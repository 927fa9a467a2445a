import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { isFields } from "./block-rules.ts";
import { ACK_MS, type Ack, type DeliveryKind, type Payload, type Retry } from "./http-delivery.ts";
import { newSecret } from "./ids.ts";
import { APP_ID } from "./seed.ts";

export type DisconnectReason = "warning" | "refresh_requested" | "link_disabled";

export type SocketMode = {
  /** A one-time path for apps.connections.open, or nothing when 10 sockets are open. */
  newPath(): string | undefined;
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  isOpen(): boolean;
  send(kind: DeliveryKind, payload: Payload, retry?: Retry): Promise<Ack>;
  /** Slack says why and closes; `terminate` cuts the connections instead. */
  disconnect(reason: DisconnectReason): void;
  terminate(): void;
};

const MAX_CONNECTIONS = 10;
const PING_MS = 10_000;

export function createSocketMode(changed: () => void): SocketMode {
  const server = new WebSocketServer({ noServer: true });
  const sockets = new Set<WebSocket>();
  const tickets = new Set<string>();
  const waiting = new Map<string, { socket: WebSocket; settle(ack: Ack): void }>();
  let turn = 0;

  function open(socket: WebSocket): void {
    sockets.add(socket);
    socket.send(JSON.stringify(hello(sockets.size)));
    const pinging = setInterval(() => socket.ping(), PING_MS).unref();
    socket.on("message", (data) => settleAck(data));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearInterval(pinging);
      sockets.delete(socket);
      for (const each of waiting.values()) {
        if (each.socket === socket) each.settle({ got: "unreachable" });
      }
      changed();
    });
    changed();
  }

  function settleAck(data: RawData): void {
    const answer = parseAck(String(data));
    if (answer) waiting.get(answer.envelopeId)?.settle(answer.ack);
  }

  return {
    isOpen: () => sockets.size > 0,
    newPath() {
      if (sockets.size >= MAX_CONNECTIONS) return undefined;
      const ticket = newSecret();
      tickets.add(ticket);
      return `/link/?ticket=${ticket}&app_id=${APP_ID}`;
    },
    accept(request, socket, head) {
      const ticket = new URL(request.url ?? "/", "http://simulator").searchParams.get("ticket");
      if (!ticket || !tickets.delete(ticket)) {
        socket.end("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
        return;
      }
      server.handleUpgrade(request, socket, head, open);
    },
    send(kind, payload, retry) {
      const open = [...sockets];
      const socket = open[turn++ % open.length];
      if (!socket) return Promise.resolve({ got: "unreachable" });
      const envelopeId = randomUUID();
      const { promise, resolve } = Promise.withResolvers<Ack>();
      const timer = setTimeout(() => settle({ got: "timeout" }), ACK_MS);
      const settle = (ack: Ack) => {
        clearTimeout(timer);
        waiting.delete(envelopeId);
        resolve(ack);
      };
      waiting.set(envelopeId, { socket, settle });
      socket.send(JSON.stringify(envelope(envelopeId, kind, payload, retry)));
      return promise;
    },
    disconnect(reason) {
      for (const socket of sockets) {
        socket.send(
          JSON.stringify({ type: "disconnect", reason, debug_info: { host: "simulator" } }),
        );
        // New payloads go elsewhere from here on.
        sockets.delete(socket);
        socket.close(1000);
      }
    },
    terminate() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

function hello(connections: number): Payload {
  return {
    type: "hello",
    num_connections: connections,
    debug_info: { host: "simulator", build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: APP_ID },
  };
}

function envelope(id: string, kind: DeliveryKind, payload: Payload, retry?: Retry): Payload {
  if (kind !== "events_api")
    return { envelope_id: id, type: kind, accepts_response_payload: true, payload };
  return {
    envelope_id: id,
    type: kind,
    accepts_response_payload: false,
    payload,
    retry_attempt: retry?.num ?? 0,
    // Over a socket a missing ack is called just that.
    retry_reason: retry?.reason.replace("http_timeout", "timeout") ?? "",
  };
}

function parseAck(text: string): { envelopeId: string; ack: Ack } | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isFields(message) || typeof message.envelope_id !== "string") return undefined;
  const { payload } = message;
  const empty = payload === undefined || (isFields(payload) && Object.keys(payload).length === 0);
  const ack: Ack = { got: "answer", body: empty ? undefined : payload };
  return { envelopeId: message.envelope_id, ack };
}

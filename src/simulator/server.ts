import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { answer, type Exchange } from "./http-answer.ts";
import { serveApp } from "./serve-app.ts";
import { serveFileHost, servePersonsFile } from "./serve-files.ts";
import { serveFile, servePage } from "./serve-page.ts";
import type { Sim } from "./sim.ts";

const LOOPBACK_NAME = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const KEEP_ALIVE_MS = 60_000;

/** The one HTTP server: Web API, response_urls, files, sockets and the page. */
export async function listen(
  sim: Sim,
  { port, host }: { port: number; host: string },
): Promise<Server> {
  const isLoopback = ["127.0.0.1", "localhost", "::1"].includes(host);
  // A page of another site may resolve its own name to this machine; its Host gives it away.
  const isForeign = (request: IncomingMessage) =>
    isLoopback && !LOOPBACK_NAME.test(request.headers.host ?? "");

  const server = createServer((request, response) => {
    if (isForeign(request)) {
      answer(response, { status: 421, body: "This host name is not served here." });
      return;
    }
    const url = new URL(request.url ?? "/", "http://simulator");
    route({ sim, request, response, url }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else answer(response, { status: 500, body: String(error) });
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on("upgrade", (request, socket, head) => {
    if (isForeign(request) || sim.faults.isOn("outage")) socket.destroy();
    else sim.sockets.accept(request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // it listens on TCP
}

function route(exchange: Exchange): Promise<void> {
  const path = exchange.url.pathname;
  if (path.startsWith("/api/") || path.startsWith("/actions/")) return serveApp(exchange);
  if (path.startsWith("/files-pri/") || path.startsWith("/upload/")) return serveFileHost(exchange);
  if (path === "/sim/upload" || path === "/sim/file") return servePersonsFile(exchange);
  return path.startsWith("/sim/") ? servePage(exchange) : serveFile(exchange);
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { act } from "./acts.ts";
import { answerApi, type HttpAnswer } from "./api.ts";
import { isFields } from "./block-rules.ts";
import { streamChanges } from "./live.ts";
import type { Act, Acted } from "./page/contract.ts";
import { pageFile } from "./page-files.ts";
import { markRead, messagesFor, worldFor } from "./page-world.ts";
import type { Person } from "./records.ts";
import { useResponseUrl } from "./response-urls.ts";
import type { Sim } from "./sim.ts";
import { SlackError } from "./slack-error.ts";

const MAX_BODY = 4_000_000;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

type Exchange = { sim: Sim; request: IncomingMessage; response: ServerResponse; url: URL };

/** The one HTTP server: Web API, response_urls, sockets, and the page with its own four doors. */
export async function listen(
  sim: Sim,
  { port, host }: { port: number; host: string },
): Promise<Server> {
  const isLoopback = ["127.0.0.1", "localhost", "::1"].includes(host);
  const server = createServer((request, response) => {
    // A page of another site may resolve its own name to this machine; its Host gives it away.
    if (isLoopback && !LOOPBACK.test(request.headers.host ?? "")) {
      answer(response, { status: 421, body: "This host name is not served here." });
      return;
    }
    const url = new URL(request.url ?? "/", "http://simulator");
    route({ sim, request, response, url }).catch((error: unknown) => {
      response.headersSent || answer(response, { status: 500, body: String(error) });
    });
  });
  server.on("upgrade", (request, socket, head) => {
    if (sim.faults.isOn("outage")) socket.destroy();
    else sim.sockets.accept(request, socket, head);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // listening on TCP
}

async function route(exchange: Exchange): Promise<void> {
  const { url, request } = exchange;
  if (url.pathname.startsWith("/api/") || url.pathname.startsWith("/actions/"))
    return serveApp(exchange);
  if (url.pathname.startsWith("/sim/")) return servePage(exchange);
  if (request.method !== "GET" && request.method !== "HEAD")
    return answer(exchange.response, { status: 405, body: "Method Not Allowed" });
  return serveFile(exchange);
}

async function serveApp({ sim, request, response, url }: Exchange): Promise<void> {
  if (request.method !== "POST") return answer(response, { status: 405, body: "Use POST." });
  const [, , methodOrTeam = "", id = ""] = url.pathname.split("/");
  if (sim.faults.strike(["outage"], methodOrTeam)) return void request.socket.destroy();
  const body = await readBody(request);
  if (url.pathname.startsWith("/actions/"))
    return answer(response, answerResponseUrl(sim, id, body));
  const result = await answerApi(sim, methodOrTeam, request, body);
  if (result.drop) request.socket.destroy();
  else answer(response, result);
}

function answerResponseUrl(sim: Sim, id: string, body: string): HttpAnswer {
  try {
    useResponseUrl(sim, id, JSON.parse(body));
    return { status: 200, body: "ok" };
  } catch (error) {
    const code = error instanceof SlackError ? error.code : "invalid_payload";
    const status = ["used_url", "expired_url", "invalid_url"].includes(code) ? 404 : 400;
    return { status, body: { ok: false, error: code } };
  }
}

async function servePage({ sim, request, response, url }: Exchange): Promise<void> {
  if (url.pathname === "/sim/act" && request.method === "POST")
    return answer(response, await answerAct(sim, request));
  const me = sim.world.people.get(url.searchParams.get("as") ?? "");
  if (!me || me.isBot) return answer(response, { status: 404, body: "There is no such person." });
  if (url.pathname === "/sim/live") return streamChanges(sim, me, response);
  answer(response, readFor(sim, me, url));
}

function readFor(sim: Sim, me: Person, url: URL): HttpAnswer {
  if (url.pathname === "/sim/world") return { status: 200, body: worldFor(sim, me) };
  if (url.pathname !== "/sim/messages") return { status: 404, body: "Not Found" };
  const channel = url.searchParams.get("channel") ?? "";
  const messages = messagesFor(sim, me, channel, url.searchParams.get("thread") ?? undefined);
  markRead(sim, me, channel);
  return { status: 200, body: { messages } };
}

async function answerAct(sim: Sim, request: IncomingMessage): Promise<HttpAnswer> {
  // A form of another site cannot send this type without asking first.
  if (!request.headers["content-type"]?.startsWith("application/json"))
    return { status: 415, body: "Send application/json." };
  const what: unknown = JSON.parse(await readBody(request));
  if (!isFields(what) || typeof what.do !== "string" || typeof what.as !== "string")
    return { status: 400, body: "Not an act." };
  const outcome = await act(sim, what as Act); // the page's own word; unknown acts are refused below
  const acted: Acted = outcome.ok ? { ok: true } : outcome;
  return { status: 200, body: acted };
}

async function serveFile({ response, url, sim }: Exchange): Promise<void> {
  const link = /^\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/.exec(url.pathname);
  if (link) {
    const [, channel = "", seconds, micros] = link;
    const thread = url.searchParams.get("thread_ts") ?? `${seconds}.${micros}`;
    const hash = new URLSearchParams({ in: channel, thread });
    response.writeHead(302, { Location: `${sim.origin}/#${hash}` }).end();
    return;
  }
  const file = await pageFile(url.pathname);
  if (!file) return answer(response, { status: 404, body: "Not Found" });
  response.writeHead(200, {
    "Content-Type": file.type,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    ...file.headers,
  });
  response.end(file.body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error("The body is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answer(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  const isText = typeof body === "string";
  response.writeHead(status, {
    "Content-Type": isText ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
}

import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { CannotStart } from "#errors.ts";
import type { TakeRequest } from "#slack/http-receiver.ts";
import { SLACK_PATH } from "#slack/http-receiver.ts";
import { readBody } from "./body.ts";
import { type TakeDelivery, takeDeskDelivery } from "./desk.ts";
import { visitorAddress } from "./networks.ts";
import type { TakeVisit } from "./request-http.ts";
import type { RestAnswer, RestRequest } from "./rest.ts";
import type { Scrape } from "./scrape.ts";
import { LONGEST_MS, limitTime, type TimeLimit } from "./time-limits.ts";
import { oneATurn } from "./turns.ts";

export const DESK_PATH = "/desk/events";
const LIMITS = {
  requestTimeout: LONGEST_MS,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 75_000, // longer than a proxy's 60 s: a connection closed as it sends is a lost submission
};
const FILES = /^multipart\/form-data\b/i;
const NOTHING = Buffer.alloc(0);
const SECRET = /(?<=^\/request\/.*)[\w-]{43}/; // whoever has it may read a ticket
const READY_MS = 2000; // a health check that hangs says nothing
const GOODBYE_MS = 3000; // Slack waits no longer for an answer; a request that dribbles in would outlast the stop

type Parts = {
  /** Answers Slack over HTTP; absent in Socket Mode and in workers. */
  slack?: TakeRequest | undefined;
  /** Takes what the desk tells us; absent where the desk tells nothing. */
  desk?: TakeDelivery | undefined;
  /** Why this process cannot work just now; undefined when it can. */
  notReady(): Promise<string | undefined>;
  /** The REST API; absent where it has no keys. */
  rest?: ((request: RestRequest) => Promise<RestAnswer>) | undefined;
  /** The web form; absent where nobody outside calls. */
  visit?: { take: TakeVisit; proxies: number } | undefined;
  /** The page for Prometheus; absent where it has a port of its own. */
  scrape?: Scrape | undefined;
  log: Logger;
};

export type WebServer = AsyncDisposable & { port: number };

/** Health, metrics, Slack over HTTP, and the desk's webhooks. */
export async function startWebServer(
  at: { port: number; host: string },
  parts: Parts,
): Promise<WebServer> {
  const myTurn = oneATurn();
  const server = createServer(LIMITS, (req, res) => {
    const limit = limitTime(req, res);
    answer(req, res, { ...parts, myTurn, limit }).catch((err: unknown) => {
      if (req.destroyed && !req.complete) return; // whoever sent it has gone
      const path = pathOf(req).replace(SECRET, "…");
      parts.log.error({ err, path }, "a request failed");
      if (!res.headersSent) end(res, { status: 500 });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(whyNotThere(error, at)));
    server.listen(at.port, at.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      server.keepAliveTimeout = 1; // for those that are being answered now
      const late = setTimeout(() => server.closeAllConnections(), GOODBYE_MS);
      await closed;
      clearTimeout(late);
    },
  };
}

function whyNotThere(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }) {
  const sentence = {
    EADDRINUSE: `Port ${port} is in use by another process. Stop that one, or choose another port.`,
    EACCES: `This user may not listen on port ${port}. Choose 1024 or more.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Correct HOST.`,
    ENOTFOUND: `This machine has no address ${host}. Correct HOST.`,
  }[error.code ?? ""];
  return sentence ? new CannotStart(sentence, { cause: error }) : error;
}

type Needs = Parts & { myTurn(): Promise<void>; limit: TimeLimit };
type Take = (request: { headers: IncomingHttpHeaders; body: Buffer }) => Promise<Answer>;
type Answer = { status: number; body?: unknown };

async function answer(req: IncomingMessage, res: ServerResponse, parts: Needs): Promise<void> {
  const path = pathOf(req);
  if (path === "/livez") return end(res, { status: 200, body: "ok" });
  if (path === "/readyz") {
    const reason = await soon(parts.notReady());
    return end(res, { status: reason ? 503 : 200, body: reason ?? "ok" });
  }
  if (path === "/metrics" && parts.scrape) {
    const { type, text } = await parts.scrape();
    return void res.writeHead(200, { "content-type": type }).end(text);
  }
  const { visit, rest, limit } = parts;
  if (visit && isFormPath(path)) return answerVisit(req, res, { path, ...visit, limit });
  if (rest && path.startsWith("/v1/")) return answerRest(req, res, { path, rest });
  return answerDelivery(req, res, { path, parts });
}

function isFormPath(path: string): boolean {
  return path === "/request" || path.startsWith("/request/");
}

async function answerDelivery(
  req: IncomingMessage,
  res: ServerResponse,
  { path, parts }: { path: string; parts: Needs },
): Promise<void> {
  const take = takerOf(path, parts);
  if (!take) return end(res, { status: 404 });
  if (req.method !== "POST") {
    res.setHeader("allow", "POST");
    return end(res, { status: 405 });
  }
  const body = await readBody(req);
  if (!body) return end(res, { status: 413 });
  await parts.myTurn();
  end(res, await take({ headers: req.headers, body }));
}

async function answerVisit(
  req: IncomingMessage,
  res: ServerResponse,
  {
    path,
    take,
    proxies,
    limit,
  }: { path: string; take: TakeVisit; proxies: number; limit: TimeLimit },
): Promise<void> {
  const { headers, method = "" } = req;
  const hasFiles = method === "POST" && FILES.test(headers["content-type"] ?? "");
  const read = method === "POST" && !hasFiles ? await readBody(req) : NOTHING;
  const query = new URLSearchParams(req.url?.split("?")[1]);
  const connected = req.socket.remoteAddress ?? "";
  const address = visitorAddress(connected, headers["x-forwarded-for"], proxies);
  const answer = await take({
    ...{ method, path, query, headers, address },
    body: read ?? NOTHING,
    isTooBig: !read,
    ...(hasFiles && { unread: { body: req, allowFiles: limit.allowFiles } }),
  });
  res.writeHead(answer.status, answer.headers).end(answer.body);
  if (hasFiles) req.resume(); // a browser reads no answer before it has sent everything
}

async function answerRest(
  req: IncomingMessage,
  res: ServerResponse,
  { path, rest }: { path: string; rest: NonNullable<Parts["rest"]> },
): Promise<void> {
  const { headers, method = "" } = req;
  const body = await readBody(req);
  const answer = body ? await rest({ method, path, headers, body }) : { status: 413 };
  if ("allow" in answer && answer.allow) res.setHeader("allow", answer.allow);
  end(res, answer);
}

function takerOf(path: string, { slack, desk, log }: Parts): Take | undefined {
  if (path === SLACK_PATH) return slack;
  if (path !== DESK_PATH || !desk) return undefined;
  return async ({ headers, body }) => {
    const delivery = { headers, body: body.toString("utf8") };
    return { status: await takeDeskDelivery(delivery, desk, log) };
  };
}

async function soon(asked: Promise<string | undefined>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("no answer in time"), READY_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

function end(res: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) return void res.writeHead(status).end();
  const isText = typeof body === "string";
  const type = isText ? "text/plain; charset=utf-8" : "application/json";
  res.writeHead(status, { "content-type": type }).end(isText ? body : JSON.stringify(body));
}

function pathOf(req: IncomingMessage): string {
  return (req.url ?? "").split("?")[0] ?? "";
}

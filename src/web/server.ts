import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { SLACK_PATH } from "#slack/bolt.ts";
import { type TakeDelivery, takeDeskDelivery } from "./desk.ts";
import { isFromNow } from "./fresh.ts";

export const DESK_PATH = "/desk/events";
const BODY_MS = 10_000; // a request that dribbles in is cut off

type Parts = {
  /** Answers Slack over HTTP; absent in Socket Mode and in workers. */
  slack?: RequestListener | undefined;
  /** Takes what the desk tells us; absent where the desk tells nothing. */
  desk?: TakeDelivery | undefined;
  /** Why this process cannot work just now; undefined when it can. */
  notReady(): Promise<string | undefined>;
  log: Logger;
};

export type WebServer = AsyncDisposable & { port: number };

/** Health, Slack over HTTP, and the desk's webhooks. */
export async function startWebServer(
  at: { port: number; host: string },
  parts: Parts,
): Promise<WebServer> {
  const server = createServer({ requestTimeout: BODY_MS, headersTimeout: BODY_MS }, (req, res) => {
    answer(req, res, parts).catch((err: unknown) => {
      parts.log.error({ err, path: req.url }, "a request failed");
      if (!res.headersSent) res.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await closed;
    },
  };
}

async function answer(req: IncomingMessage, res: ServerResponse, parts: Parts): Promise<void> {
  const path = (req.url ?? "").split("?")[0];
  if (path === "/livez") return text(res, 200, "ok");
  if (path === "/readyz") {
    const reason = await parts.notReady();
    return text(res, reason ? 503 : 200, reason ?? "ok");
  }
  if (path === SLACK_PATH && req.method === "POST" && parts.slack) {
    // Bolt refuses what is too old; a stamp from the future would be good for years.
    if (!isFromNow(req.headers["x-slack-request-timestamp"])) return text(res, 401, "stale");
    return parts.slack(req, res);
  }
  if (path === DESK_PATH && req.method === "POST" && parts.desk) {
    return text(res, await takeDeskDelivery(req, parts.desk, parts.log), "");
  }
  text(res, 404, "not found");
}

function text(res: ServerResponse, status: number, body: string): void {
  res.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(body);
}

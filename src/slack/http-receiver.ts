import type { IncomingHttpHeaders } from "node:http";
import type { Receiver } from "@slack/bolt";
import type { Logger } from "pino";
import type { Metrics } from "#metrics.ts";
import { createDeliver, type Deliver } from "./delivery.ts";
import { Unreadable } from "./readable.ts";
import { isFromSlack } from "./signature.ts";

/** Where Slack posts. */
export const SLACK_PATH = "/slack/events";
const ACK_MS = 3001; // Slack waits no longer
const SSL_CHECK_LENGTH = 1000;

export type SlackRequest = { headers: IncomingHttpHeaders; body: Buffer };
export type SlackAnswer = { status: number; body?: unknown };
/** Never throws. No answer repeats what was sent, but for Slack's own challenge. */
export type TakeRequest = (request: SlackRequest) => Promise<SlackAnswer>;

/**
 * Slack over HTTP. Bolt's own receiver takes stamps of the future, acks an event before its effect is saved,
 * and ends in an unhandled rejection on a signed `null`.
 */
export function createHttpReceiver(
  signingSecret: string,
  { log, metrics }: { log: Logger; metrics: Metrics },
): Receiver & { takeRequest: TakeRequest } {
  let deliver: Deliver | undefined;
  return {
    init(bolt) {
      deliver = createDeliver(bolt, log, metrics);
    },
    start: async () => {},
    stop: async () => {},
    async takeRequest({ headers, body }) {
      if (!isFromSlack(signingSecret, headers, body)) {
        if (isSslCheck(headers, body)) return { status: 200 };
        metrics.beginAck("other")("unsigned");
        return { status: 401 };
      }
      const payload = parse(headers["content-type"], body);
      if (payload.ssl_check === "1") return { status: 200 };
      if (payload.type === "url_verification") {
        return { status: 200, body: { challenge: String(payload.challenge) } };
      }
      if (!deliver) return { status: 503 };
      return answerOf(deliver, payload, headers, log);
    },
  };
}

type Payload = Record<string, unknown>;

function answerOf(
  deliver: Deliver,
  body: Payload,
  headers: IncomingHttpHeaders,
  log: Logger,
): Promise<SlackAnswer> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve({ status: 504 }), ACK_MS);
    const ack = async (said: unknown) => resolve({ status: 200, ...(said ? { body: said } : {}) });
    deliver({ body, ack, ...retried(headers) })
      .then(() => resolve({ status: 404 })) // a button that nobody hears is answered at once, too
      .catch((error: unknown) => {
        if (error instanceof Unreadable) log.warn({ err: error }, "a request was refused");
        resolve({ status: error instanceof Unreadable ? 400 : 500 });
      })
      .finally(() => clearTimeout(late));
  });
}

function retried(headers: IncomingHttpHeaders) {
  const num = Number(headers["x-slack-retry-num"]);
  const reason = headers["x-slack-retry-reason"];
  return {
    ...(num > 0 && { retryNum: num }),
    ...(typeof reason === "string" && { retryReason: reason }),
  };
}

/** Unsigned, and answered with nothing: Slack looks whether the certificate is good. */
function isSslCheck(headers: IncomingHttpHeaders, body: Buffer): boolean {
  return body.length < SSL_CHECK_LENGTH && parse(headers["content-type"], body).ssl_check === "1";
}

/** What is no object becomes an empty one, which is no delivery of any type. */
function parse(contentType: string | undefined, body: Buffer): Payload {
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/json") return readObject(body.toString("utf8"));
  if (type !== "application/x-www-form-urlencoded") return {};
  const form = new URLSearchParams(body.toString("utf8"));
  const payload = form.get("payload");
  return payload === null ? Object.fromEntries(form) : readObject(payload);
}

function readObject(json: string): Payload {
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Payload) : {}; // just seen to be one
  } catch {
    return {};
  }
}

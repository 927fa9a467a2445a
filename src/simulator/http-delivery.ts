import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { signedHeaders } from "./sign.ts";

export type DeliveryKind = "events_api" | "interactive" | "slash_commands";
export type Payload = Record<string, unknown>;
export type Retry = { num: number; reason: string };

/** What became of one delivery. */
export type Ack =
  | { got: "answer"; body: unknown }
  | { got: "bad-answer"; why: string }
  | { got: "status"; status: number; noRetry: boolean }
  | { got: "timeout" }
  | { got: "unreachable" };

export const ACK_MS = 3000;

/** Posts to the app's Request URL as Slack does, and waits 3 seconds for its answer. */
export async function postToApp(
  to: { url: string; secret: string },
  kind: DeliveryKind,
  payload: Payload,
  retry?: Retry,
): Promise<Ack> {
  const body = encode(kind, payload);
  const headers = {
    Accept: "application/json,*/*",
    "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    "Content-Type":
      kind === "events_api" ? "application/json" : "application/x-www-form-urlencoded",
    "Content-Length": Buffer.byteLength(body),
    ...signedHeaders(to.secret, body),
    ...(retry && {
      "X-Slack-Retry-Num": String(retry.num),
      "X-Slack-Retry-Reason": retry.reason,
    }),
  };
  const signal = AbortSignal.timeout(ACK_MS);
  try {
    const response = await send(to.url, { method: "POST", headers, signal }, body);
    return readAck(response, await text(response));
  } catch {
    return { got: signal.aborted ? "timeout" : "unreachable" };
  }
}

/** One connection for each delivery: a kept one would hold up an app that is stopping. */
function send(url: string, options: RequestOptions, body: string): Promise<IncomingMessage> {
  const open = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    open(url, { ...options, agent: false }, resolve)
      .on("error", reject)
      .end(body);
  });
}

function encode(kind: DeliveryKind, payload: Payload): string {
  if (kind === "events_api") return JSON.stringify(payload);
  if (kind === "interactive")
    return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(payload)) form.set(name, String(value));
  return form.toString();
}

function readAck({ statusCode = 0, headers }: IncomingMessage, body: string): Ack {
  if (statusCode < 200 || statusCode > 299) {
    const noRetry = headers["x-slack-no-retry"] === "1";
    return { got: "status", status: statusCode, noRetry };
  }
  if (body === "") return { got: "answer", body: undefined };
  if (!headers["content-type"]?.startsWith("application/json")) return { got: "answer", body };
  try {
    return { got: "answer", body: JSON.parse(body) };
  } catch {
    return { got: "bad-answer", why: "not JSON" };
  }
}

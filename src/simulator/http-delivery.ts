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
  try {
    const response = await fetch(to.url, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(ACK_MS),
      headers: {
        Accept: "application/json,*/*",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Content-Type":
          kind === "events_api" ? "application/json" : "application/x-www-form-urlencoded",
        ...signedHeaders(to.secret, body),
        ...(retry && {
          "X-Slack-Retry-Num": String(retry.num),
          "X-Slack-Retry-Reason": retry.reason,
        }),
      },
      body,
    });
    return readAck(response, await response.text());
  } catch (error) {
    return {
      got: error instanceof Error && error.name === "TimeoutError" ? "timeout" : "unreachable",
    };
  }
}

function encode(kind: DeliveryKind, payload: Payload): string {
  if (kind === "events_api") return JSON.stringify(payload);
  if (kind === "interactive")
    return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(payload)) form.set(name, String(value));
  return form.toString();
}

function readAck(response: Response, text: string): Ack {
  if (!response.ok) {
    const noRetry = response.headers.get("x-slack-no-retry") === "1";
    return { got: "status", status: response.status, noRetry };
  }
  if (text === "") return { got: "answer", body: undefined };
  if (!response.headers.get("content-type")?.startsWith("application/json"))
    return { got: "answer", body: text };
  try {
    return { got: "answer", body: JSON.parse(text) };
  } catch {
    return { got: "bad-answer", why: "not JSON" };
  }
}

import { RetryLater } from "#errors.ts";
import type { Message } from "./blocks.ts";

const CALL_MS = 5000;
const SLACK_HOOKS = "hooks.slack.com";

/** Answers through a response_url, which must lead to Slack's host (or the simulator's, when that is our Slack). */
export function createRespond(apiUrl: string) {
  const api = new URL(apiUrl);
  const isSlack = api.host === "slack.com";
  const allowed = isSlack ? SLACK_HOOKS : api.host;
  const protocol = isSlack ? "https:" : api.protocol;

  return async (responseUrl: string | undefined, message: Message, how?: "replace") => {
    const url = URL.parse(responseUrl ?? "");
    if (url?.host !== allowed || url.protocol !== protocol) {
      throw new Error("the response_url does not lead to Slack");
    }
    const response = await fetch(url, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        response_type: "ephemeral",
        replace_original: how === "replace",
        ...message,
      }),
      signal: AbortSignal.timeout(CALL_MS),
    });
    if (!response.ok) throw new RetryLater(`Slack answered ${response.status} to a response_url`);
  };
}

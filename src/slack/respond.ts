import { RetryLater } from "#errors.ts";
import type { Metrics } from "#metrics.ts";
import type { Message } from "./blocks.ts";

const CALL_MS = 5000;
const SLACK_HOOKS = "hooks.slack.com";

export type Respond = {
  /** True for an address at Slack's host (or the simulator's, when that is our Slack). */
  mayCall(responseUrl: string | undefined): responseUrl is string;
  to(responseUrl: string, message: Message, how?: "replace"): Promise<void>;
};

/** Answers through a response_url. It comes with the request, so nothing is sent to one that leads elsewhere. */
export function createRespond(apiUrl: string, metrics: Metrics): Respond {
  const api = new URL(apiUrl);
  const isSlack = api.host === "slack.com";
  const allowed = isSlack ? SLACK_HOOKS : api.host;
  const protocol = isSlack ? "https:" : api.protocol;

  function mayCall(responseUrl: string | undefined): responseUrl is string {
    const url = URL.parse(responseUrl ?? "");
    return url?.host === allowed && url.protocol === protocol && !url.username && !url.password;
  }

  return {
    mayCall,
    async to(responseUrl, message, how) {
      if (!mayCall(responseUrl)) throw new Error("the response_url does not lead to Slack");
      const ended = metrics.beginSlackCall("response_url");
      const response = await fetch(responseUrl, {
        method: "POST",
        redirect: "error",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          response_type: "ephemeral",
          replace_original: how === "replace",
          ...message,
        }),
        signal: AbortSignal.timeout(CALL_MS),
      }).catch((error: unknown) => {
        ended("no-answer");
        throw error;
      });
      ended(response.ok ? "ok" : "refused");
      if (!response.ok) throw new RetryLater(`Slack answered ${response.status} to a response_url`);
    },
  };
}

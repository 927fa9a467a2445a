import { LogLevel, WebClient } from "@slack/web-api";
import { RetryLater } from "#errors.ts";
import { translateFailure } from "./failures.ts";
import type { FindInstallation } from "./installation.ts";

const CALL_MS = 10_000;
const QUICK_CALL_MS = 1000; // for calls before an ack

/** Speaks to Slack as one workspace's app. `quick` for what somebody waits for. */
export type CallSlack = <T>(
  teamId: string,
  call: (client: WebClient) => Promise<T>,
  how?: "quick",
) => Promise<T>;

const QUIET = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/**
 * The one place that turns a workspace into a token. Slack's client must not retry by itself:
 * a call whose answer was lost would be made twice.
 */
export function createCallSlack(options: {
  apiUrl: string;
  findInstallation: FindInstallation;
  onTokenEnded(teamId: string): void;
}): CallSlack {
  const clients = new Map<string, WebClient>();

  function clientFor(token: string, timeout: number): WebClient {
    const key = `${timeout} ${token}`;
    const known = clients.get(key);
    if (known) return known;
    const client = new WebClient(token, { ...clientOptions(options.apiUrl), timeout });
    clients.set(key, client);
    return client;
  }

  return async (teamId, call, how) => {
    const installation = await options.findInstallation(teamId);
    if (!installation) {
      throw new RetryLater("the workspace is disconnected", { afterMs: 60_000 });
    }
    try {
      return await call(clientFor(installation.botToken, how ? QUICK_CALL_MS : CALL_MS));
    } catch (error) {
      throw translateFailure(error, () => options.onTokenEnded(teamId));
    }
  };
}

export function clientOptions(apiUrl: string) {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_MS,
    logger: QUIET, // what goes wrong is thrown, and said by whoever catches it
  };
}

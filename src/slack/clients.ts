import { AsyncLocalStorage } from "node:async_hooks";
import { LogLevel, type WebAPICallResult, WebClient } from "@slack/web-api";
import { fetchFenced } from "#fence.ts";
import type { Ended, Metrics, SlackOutcome } from "#metrics.ts";
import { retryAfterMs } from "#retry-after.ts";
import { Disconnected, outcomeOf, translateFailure } from "./failures.ts";
import type { Grants } from "./grants.ts";
import type { FindInstallation } from "./installation.ts";

const QUICK_CALL_MS = 1000; // for calls before an ack
const USUAL_WAIT_S = 30;

/** Hears which method is called; the client does not say so to whoever asked for the call. */
const hearing = new AsyncLocalStorage<(method: string) => void>();

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
  timeoutMs: number;
  metrics: Metrics;
  /** Hears from each answer what the app may do there. */
  grants?: Grants;
  onTokenEnded(teamId: string, botToken: string): void;
}): CallSlack {
  const clients = new Map<string, WebClient>();

  function clientFor(token: string, timeout: number): WebClient {
    const key = `${timeout} ${token}`;
    const known = clients.get(key);
    if (known) return known;
    const client = new WebClient(token, clientOptions(options.apiUrl, timeout));
    clients.set(key, client);
    return client;
  }

  return async (teamId, call, how) => {
    const installation = await options.findInstallation(teamId);
    if (!installation) throw new Disconnected();
    const { botToken } = installation;
    const client = clientFor(botToken, how ? QUICK_CALL_MS : options.timeoutMs);
    let ended: Ended<SlackOutcome> | undefined;
    const begin = (method: string) => {
      ended = options.metrics.beginSlackCall(method);
    };
    try {
      const answer = await hearing.run(begin, () => call(client));
      ended?.("ok");
      options.grants?.learn(teamId, scopesIn(answer));
      return answer;
    } catch (error) {
      const failure = translateFailure(error, () => options.onTokenEnded(teamId, botToken));
      ended?.(outcomeOf(failure));
      throw failure;
    }
  };
}

/** Slack's client puts them there from a header of each answer. */
function scopesIn(answer: unknown): readonly string[] | undefined {
  return (answer as WebAPICallResult | undefined)?.response_metadata?.scopes;
}

export function clientOptions(apiUrl: string, timeout = 10_000) {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    fetch: fetchAloud,
    logger: QUIET, // what goes wrong is thrown, and said by whoever catches it
  };
}

async function fetchAloud(...request: Parameters<typeof fetch>): Promise<Response> {
  const [url] = request;
  hearing.getStore()?.(String(url).split("/").at(-1) ?? "");
  return fetchNamingWait(...request);
}

/** The client gives up, in words of its own, on a 429 that names no wait. */
async function fetchNamingWait(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetchFenced(...request);
  if (response.status !== 429) return response;
  await response.body?.cancel();
  const seconds = waitOf(response.headers.get("retry-after"));
  return new Response(null, { status: 429, headers: { "retry-after": String(seconds) } });
}

/** In whole seconds, as the client reads them; the usual wait where the header names none. */
function waitOf(retryAfter: string | null): number {
  const ms = retryAfterMs(retryAfter, Date.now());
  return ms === undefined ? USUAL_WAIT_S : Math.ceil(ms / 1000);
}

import { ErrorCode } from "@slack/web-api";
import { RetryLater } from "#errors.ts";

/** Slack answered, and the answer was no. `code` is Slack's own, e.g. "not_in_channel". */
export class SlackRefused extends Error {
  override name = "SlackRefused";
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(`Slack refused: ${code}`, options);
    this.code = code;
  }
}

/** The channel cannot take a message from us, and trying again does not change that. */
export function isUnreachable(error: unknown): error is SlackRefused {
  return error instanceof SlackRefused && UNREACHABLE.has(error.code);
}

export function isGone(error: unknown): error is SlackRefused {
  return error instanceof SlackRefused && GONE.has(error.code);
}

const UNREACHABLE = new Set([
  "channel_not_found",
  "not_in_channel",
  "is_archived",
  "restricted_action",
  "restricted_action_read_only_channel",
  "restricted_action_thread_only_channel",
  "restricted_action_non_threadable_channel",
]);
const GONE = new Set(["message_not_found", "thread_not_found", "cant_update_message"]);
const TOKEN_ENDED = new Set(["token_revoked", "invalid_auth", "account_inactive", "not_authed"]);
const BUSY = new Set([
  "ratelimited",
  "rate_limited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
]);
const DEFAULT_WAIT_MS = 30_000; // a 429 whose Retry-After is missing or rubbish

type WebApiError = Error & { code?: string; retryAfter?: number; data?: Refusal };
type Refusal = { error?: string; response_metadata?: { messages?: string[] } };

/**
 * Says what an error of the Slack client means for a job: later (RetryLater) or no (SlackRefused).
 * `onTokenEnded` hears of a token that Slack no longer takes.
 */
export function translateFailure(error: unknown, onTokenEnded: () => void): Error {
  const { code, retryAfter, data } = error as WebApiError; // the fields of @slack/web-api's errors
  if (code === ErrorCode.RateLimitedError) {
    return new RetryLater("Slack asks for a pause", {
      cause: error,
      afterMs: Number.isFinite(retryAfter) && retryAfter ? retryAfter * 1000 : DEFAULT_WAIT_MS,
    });
  }
  const refusal = code === ErrorCode.PlatformError ? (data?.error ?? "unknown") : undefined;
  if (!refusal || BUSY.has(refusal))
    return new RetryLater("Slack gave no answer", { cause: error });
  if (TOKEN_ENDED.has(refusal)) {
    onTokenEnded();
    return new RetryLater("the workspace is disconnected", { cause: error, afterMs: 60_000 });
  }
  const details = data?.response_metadata?.messages?.join("; ");
  return new SlackRefused(refusal, { cause: details ?? error });
}

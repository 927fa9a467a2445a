import { ErrorCode } from "@slack/web-api";
import { Refused, RetryLater } from "#errors.ts";
import type { SlackOutcome } from "#metrics.ts";

/** Slack answered, and the answer was no. `code` is Slack's own, e.g. "not_in_channel". */
export class SlackRefused extends Refused {
  override name = "SlackRefused";
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(`Slack refused: ${code}`, options);
    this.code = code;
  }
}

/** No token opens this workspace now. What is for it waits for a new one. */
export class Disconnected extends RetryLater {
  override name = "Disconnected";

  constructor(options?: ErrorOptions) {
    super("the workspace is disconnected", { ...options, afterMs: 60_000 });
  }
}

/** Slack asks us to wait, as long as it says. */
export class Limited extends RetryLater {
  override name = "Limited";
}

/** What is counted of a call that failed. Slack has some hundred codes, and adds to them: a few classes say enough. */
export function outcomeOf(failure: Error): SlackOutcome {
  if (failure instanceof Limited) return "limited";
  if (failure instanceof Disconnected) return "token-ended";
  if (isUnreachable(failure)) return "unreachable";
  if (isGone(failure) || isFormGone(failure)) return "gone";
  return failure instanceof SlackRefused ? "refused" : "no-answer";
}

/** The channel cannot take a message from us, and trying again does not change that. */
export function isUnreachable(error: unknown): error is SlackRefused {
  return error instanceof SlackRefused && UNREACHABLE.has(error.code);
}

export function isGone(error: unknown): error is SlackRefused {
  return error instanceof SlackRefused && GONE.has(error.code);
}

/** What views.update says of a form that was closed: which agents do all the time. */
function isFormGone(error: unknown): boolean {
  return error instanceof SlackRefused && error.code === "not_found";
}

/** Nothing can be said or changed at this place any more. */
export function isPlaceLost(error: unknown): error is SlackRefused {
  return isGone(error) || isUnreachable(error);
}

/** The app was installed before it asked for what this call needs. */
export function isScopeMissing(error: unknown): error is SlackRefused {
  return error instanceof SlackRefused && error.code === "missing_scope";
}

const UNREACHABLE = new Set([
  "channel_not_found",
  "not_in_channel",
  "is_archived",
  "is_inactive", // what chat.update says of an archived channel
  "posting_to_channel_denied",
  "restricted_action",
  "restricted_action_read_only_channel",
  "restricted_action_thread_only_channel",
  "restricted_action_non_threadable_channel",
]);
const GONE = new Set(["message_not_found", "thread_not_found", "cant_update_message"]);
const TOKEN_ENDED = new Set([
  "token_revoked",
  "invalid_auth",
  "account_inactive",
  "not_authed",
  "token_expired",
]);
const BUSY = new Set([
  "ratelimited",
  "rate_limited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
]);
const LATE_MS = 15_000; // after our timeout Slack may still accept the call: not looked up before it had the time

type WebApiError = Error & {
  code?: string;
  retryAfter?: number;
  original?: Error;
  data?: Refusal;
};
type Refusal = {
  error?: unknown;
  needed?: string;
  response_metadata?: { messages?: string[]; retryAfter?: number };
};

/**
 * Says what an error of the Slack client means for a job: later (RetryLater) or no (SlackRefused).
 * `onTokenEnded` hears of a token that Slack no longer takes.
 */
export function translateFailure(error: unknown, onTokenEnded: () => void): Error {
  const { code, retryAfter, original, data } = error as WebApiError; // the fields of @slack/web-api's errors
  if (code === ErrorCode.RateLimitedError) return pause(error, retryAfter);
  if (original?.name === "TimeoutError") {
    return new RetryLater("Slack did not answer in time", { cause: error, afterMs: LATE_MS });
  }
  const refusal = code === ErrorCode.PlatformError ? codeIn(data) : undefined;
  if (!refusal) return new RetryLater("Slack gave no answer", { cause: error });
  if (BUSY.has(refusal)) return pause(error, data?.response_metadata?.retryAfter);
  if (TOKEN_ENDED.has(refusal)) {
    onTokenEnded();
    return new Disconnected({ cause: error });
  }
  return new SlackRefused(refusal, { cause: detailsIn(data) ?? error });
}

/** What the operator must know: which argument was wrong, or which scope the app lacks. */
function detailsIn(data: Refusal | undefined): string | undefined {
  if (data?.needed) return `the app needs the scope ${data.needed}: install it again`;
  return data?.response_metadata?.messages?.join("; ");
}

function pause(cause: unknown, seconds: number | undefined): Limited {
  const afterMs = seconds === undefined ? undefined : seconds * 1000;
  return new Limited("Slack asks for a pause", { cause, afterMs });
}

/** A page in HTML with status 200 becomes an "error" of the client, too: it is no answer of Slack's. */
function codeIn(data: Refusal | undefined): string | undefined {
  const code = data?.error;
  return typeof code === "string" && /^[\w.:-]{1,100}$/.test(code) ? code : undefined;
}

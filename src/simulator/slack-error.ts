/** An answer `{ok: false, error}` of the Web API, with what Slack adds to it. */
export class SlackError extends Error {
  readonly code: string;
  readonly more: Record<string, unknown>;

  constructor(code: string, more: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.more = more;
  }
}

/** `invalid_arguments` with Slack's list of what is wrong. */
export function invalidArguments(messages: string[]): SlackError {
  return new SlackError("invalid_arguments", { response_metadata: { messages } });
}

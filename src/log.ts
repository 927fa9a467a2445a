import { type DestinationStream, type Logger, pino } from "pino";
import { Quote } from "./errors.ts";

const SECRET =
  /xox[a-z]-[\w-]+|xapp-[\w-]+|whsec_[\w+/=]+|Bearer\s+[\w.~+/-]+=*|hooks\.slack\.com\/\S+/gi;

/** JSON lines on stdout. Tokens are blotted out wherever they hide, error messages included. */
export function createLog(level: string, to?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    hooks: { streamWrite: (line: string) => line.replaceAll(SECRET, "[secret]") },
  };
  return to ? pino(options, to) : pino(options);
}

/**
 * What went wrong and where. Not the rest of an error: PostgreSQL's `detail` quotes the row, a client's error
 * the answer it got, and both may hold what people typed.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code = "code" in error ? error.code : undefined;
  return {
    type: name,
    message,
    ...(code !== undefined && { code }),
    stack,
    ...(cause instanceof Error && !(cause instanceof Quote) && { cause: describeError(cause) }),
  };
}

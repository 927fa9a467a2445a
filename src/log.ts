import { type DestinationStream, type Logger, pino } from "pino";

const SECRET =
  /xox[a-z]-[\w-]+|xapp-[\w-]+|whsec_[\w+/=]+|Bearer\s+[\w.~+/-]+=*|hooks\.slack\.com\/\S+/gi;

/** JSON lines on stdout. Tokens are blotted out wherever they hide, error messages included. */
export function createLog(level: string, to?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    hooks: { streamWrite: (line: string) => line.replaceAll(SECRET, "[secret]") },
  };
  return to ? pino(options, to) : pino(options);
}

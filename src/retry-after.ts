const HOUR_MS = 3_600_000;

/**
 * The wait that a `Retry-After` header asks for, in seconds or as an HTTP date, at most one hour.
 * Undefined when it is missing, in the past or not understood: our own backoff decides then.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (!header) return undefined;
  const waitMs = asked(header.trim(), nowMs);
  return waitMs > 0 ? Math.min(waitMs, HOUR_MS) : undefined;
}

function asked(header: string, nowMs: number): number {
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  return / GMT$/.test(header) ? Date.parse(header) - nowMs : Number.NaN;
}

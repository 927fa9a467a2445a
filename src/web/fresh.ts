const TOLERANCE_S = 300; // Slack's own five minutes, in both directions

/** A request without a stamp is left to Bolt, which refuses it (or answers Slack's ssl_check). */
export function isFromNow(stamp: string | string[] | undefined): boolean {
  if (stamp === undefined) return true;
  return Math.abs(Date.now() / 1000 - Number(stamp)) <= TOLERANCE_S;
}

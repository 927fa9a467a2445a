import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const TOLERANCE_S = 300; // Slack's own five minutes, in both directions: a stamp of the future would be good for years

/** Signed by Slack, over the bytes as they came, and just now. */
export function isFromSlack(secret: string, headers: IncomingHttpHeaders, body: Buffer): boolean {
  const stamp = headers["x-slack-request-timestamp"];
  const given = headers["x-slack-signature"];
  if (typeof stamp !== "string" || typeof given !== "string") return false;
  if (!/^\d{1,12}$/.test(stamp)) return false;
  if (Math.abs(Date.now() / 1000 - Number(stamp)) > TOLERANCE_S) return false;
  const hash = createHmac("sha256", secret).update(`v0:${stamp}:`).update(body).digest("hex");
  const expected = Buffer.from(`v0=${hash}`);
  const offered = Buffer.from(given);
  return offered.length === expected.length && timingSafeEqual(offered, expected);
}

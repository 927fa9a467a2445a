import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { RawDelivery } from "#desk/desk.ts";

/** What a desk behind `DESK=http` sends when something happened there. */
export function signDelivery(
  secret: string,
  message: { type: string; timestamp?: Date; data: Record<string, unknown> },
  at: { id?: string; sent?: Date } = {},
): RawDelivery {
  const { id = `msg_${randomUUID()}`, sent = new Date() } = at;
  const body = JSON.stringify({ timestamp: sent, ...message });
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(sent.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, sent, body),
  };
  return { headers, body };
}

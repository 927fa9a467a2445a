import type { Webhook } from "standardwebhooks";
import { z } from "zod";
import { type DeskDelivery, NotFromDesk, type RawDelivery } from "./desk.ts";

const echo = z.object({ data: z.object({ changeId: z.string().startsWith("dl_") }) });

const ticketId = z.uuid().toLowerCase();
const author = text(200);
const news = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ticket.commented"),
    data: z.object({ ticketId, author, body: text(1_000_000) }),
  }),
  z.object({
    type: z.enum(["ticket.solved", "ticket.reopened"]),
    data: z.object({ ticketId, author }),
  }),
]);

/** One delivery of the HTTP desk: its own change, or the echo of one of ours. */
export function readNews(webhook: Webhook, delivery: RawDelivery): DeskDelivery {
  const deliveryId = verify(webhook, delivery);
  const message: unknown = JSON.parse(delivery.body);
  if (echo.safeParse(message).success) return { deliveryId, kind: "echo" };

  const { type, data } = news.parse(message);
  if (type === "ticket.commented") return { deliveryId, kind: "comment", ...data };
  return { deliveryId, kind: type === "ticket.solved" ? "solved" : "reopened", ...data };
}

/** Signature, and a timestamp at most five minutes off in either direction. */
function verify(webhook: Webhook, { headers, body }: RawDelivery): string {
  const signed = {
    "webhook-id": String(headers["webhook-id"] ?? ""),
    "webhook-timestamp": String(headers["webhook-timestamp"] ?? ""),
    "webhook-signature": String(headers["webhook-signature"] ?? ""),
  };
  try {
    webhook.verify(body, signed, { jsonParse: false });
  } catch (cause) {
    throw new NotFromDesk("the delivery is not signed with our secret", { cause });
  }
  return signed["webhook-id"];
}

/** PostgreSQL stores neither U+0000 nor half a surrogate pair. */
function text(max: number) {
  return z
    .string()
    .transform((typed) => typed.toWellFormed().replaceAll("\0", ""))
    .pipe(z.string().regex(/\S/).max(max));
}

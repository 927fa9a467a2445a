import { z } from "zod";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export const httpSettings = z.object({
  DESK_URL: z
    .string("DESK=http needs the address that takes the tickets.")
    .refine(isSafeAddress, {
      error: "Must be an https:// address without a user name (http:// on this machine only).",
    })
    .describe("Where `DESK=http` posts tickets: an `https://` address"),
  DESK_SECRET: z
    .string("DESK=http needs the secret that signs what is posted.")
    .refine(isWebhookSecret, {
      error: 'Must be "whsec_" and 24 to 64 random bytes in base64: `openssl rand -base64 32`.',
    })
    .describe("Signs both directions of `DESK=http`: `whsec_` and 24 to 64 bytes in base64"),
});

/** Tickets are the customer's words: they travel encrypted. */
function isSafeAddress(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.username || url.password) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
}

/** Standard Webhooks: at least 24 bytes, at most 64. */
function isWebhookSecret(text: string): boolean {
  const [, key] = /^whsec_(.+)$/.exec(text) ?? [];
  if (!key || !z.base64().safeParse(key).success) return false;
  const { length } = Buffer.from(key, "base64");
  return length >= 24 && length <= 64;
}

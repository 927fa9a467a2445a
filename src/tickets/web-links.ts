import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/** Addresses that only their reader knows. The database has hashes of their secrets; the key is in the settings alone. */
export type WebLinks = {
  /** Of the page where a request is confirmed. */
  confirm(requestId: string): Link;
  /** Of the page where somebody says whether they are there as the contact. */
  contact(askId: string): Link;
  /** Of the visitor's page of a ticket. */
  page(ticketId: string): Link;
};
export type Link = { url: string; secret: string; hash: string };

export function createWebLinks(publicUrl: string, settingsSecret: string): WebLinks {
  const key = deriveKey(settingsSecret, "links");
  const linkTo = (kind: string, id: string, folder: string): Link => {
    const secret = createHmac("sha256", key).update(`${kind} ${id}`).digest("base64url");
    return {
      secret,
      hash: hashOf(secret),
      url: `${publicUrl.replace(/\/$/, "")}${folder}${secret}`,
    };
  };
  return {
    confirm: (requestId) => linkTo("confirm", requestId, "/request/confirm/"),
    contact: (askId) => linkTo("contact", askId, "/request/contact/"),
    page: (ticketId) => linkTo("page", ticketId, "/request/"),
  };
}

/** A key for one purpose, the same in every process: from a secret that all of them have. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `deskline web form: ${purpose}`, 32));
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export function isSameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

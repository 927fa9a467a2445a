import { createHash, createHmac, createSecretKey, randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const FASTEST_MS = 3000; // nobody reads and answers the form in less
const OLDEST_MS = 24 * 3_600_000;

export type Nonces = {
  issue(): string;
  /** Its part that no other has, and whether a person could have filled the form meanwhile; undefined: not of ours. */
  read(nonce: string): { id: string; age: "too-fast" | "fit" | "too-old" } | undefined;
};

/** Signed, so that issuing one costs no row; it is used up by the delivery that carries its id. */
export function createNonces(key: Buffer): Nonces {
  const secret = createSecretKey(key); // read once: from bytes, each use would take seven times as long
  const sign = (text: string) =>
    createHmac("sha256", secret).update(text).digest().subarray(0, 16).toString("base64url");
  return {
    issue() {
      const text = `${Date.now().toString(36)}.${randomUUID()}`;
      return `${text}.${sign(text)}`;
    },
    read(nonce) {
      const [, text = "", at = "", mac = ""] =
        /^(([0-9a-z]{1,12})\.[\da-f-]{36})\.([\w-]{22})$/.exec(nonce) ?? [];
      if (!mac || !timingSafeEqual(Buffer.from(mac), Buffer.from(sign(text)))) return undefined;
      const ageMs = Date.now() - Number.parseInt(at, 36);
      if (ageMs > OLDEST_MS) return { id: text, age: "too-old" };
      return { id: text, age: ageMs < FASTEST_MS ? "too-fast" : "fit" };
    },
  };
}

/** Sent by a page of another site. A page without a referrer says `null`; then `Sec-Fetch-Site` alone tells. */
export function isFromElsewhere(headers: IncomingHttpHeaders, ownOrigin: string): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site !== "same-origin";
  const { origin } = headers;
  return origin !== undefined && origin !== "null" && origin !== ownOrigin;
}

/** The same words, sent by the same page: others are not a repeat, whatever became of the answer to the first. */
export function sendingKey(nonceId: string, words: object): string {
  const digest = createHash("sha256").update(JSON.stringify(words)).digest("base64url");
  return `${nonceId}.${digest.slice(0, 22)}`;
}

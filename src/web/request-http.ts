import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Language } from "#db/tables.ts";

/** One request of a browser. `address`: the visitor's, as far as it is known. */
export type Visit = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Of a POST. */
  body: Buffer;
  /** What nobody has read yet of a form that may have files; `allowFiles`: it may take its time. The body is empty then. */
  unread?: { body: Readable; allowFiles(): void };
  /** More was sent than is read; the body is empty then. */
  isTooBig: boolean;
  address: string;
};
export type WebAnswer = {
  status: number;
  headers: Record<string, string>;
  body?: string | Buffer;
};
export type TakeVisit = (visit: Visit) => Promise<WebAnswer>;

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Of every page: nothing of others runs in it, nobody keeps it, and its address goes nowhere. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": POLICY,
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex, nofollow",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

export function page(status: number, body: string): WebAnswer {
  return { status, headers: HEADERS, body };
}

/** After what was sent: reloading the next page sends nothing again. */
export function goTo(location: string): WebAnswer {
  return { status: 303, headers: { ...HEADERS, location } };
}

export function json(body: object): WebAnswer {
  const headers = { ...HEADERS, "content-type": "application/json" };
  return { status: 200, headers, body: JSON.stringify(body) };
}

/** The visitor's choice, else what the browser asks for first of what we speak. */
export function languageOf(chosen: string | null | undefined, accept = ""): Language {
  if (chosen === "ja" || chosen === "en") return chosen;
  const wanted = accept
    .split(",")
    .map((each) => /^\s*(ja|en)\b[^;]*(?:;\s*q=([\d.]+))?/i.exec(each))
    .filter((found) => found !== null)
    .map(([, tag = "", q = "1"]) => ({ language: tag.toLowerCase(), q: Number(q) || 0 }))
    .filter(({ q }) => q > 0)
    .sort((one, other) => other.q - one.q);
  return wanted[0]?.language === "ja" ? "ja" : "en";
}

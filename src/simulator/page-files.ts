import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { extname } from "node:path";

export type PageFile = { type: string; body: string; headers?: Record<string, string> };

const TYPES: Record<string, string> = {
  ".ts": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const VENDOR: Record<string, string> = {
  "preact.js": "preact",
  "hooks.js": "preact/hooks",
  "htm.js": "htm",
};

/** The page and its parts; TypeScript leaves as JavaScript, with nothing built beforehand. */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  if (path === "/") return indexPage();
  const [, folder, name] = /^\/(page|vendor)\/([a-z0-9-]+\.[a-z]+)$/.exec(path) ?? [];
  if (folder === "vendor") return vendorFile(name);
  return name ? pagePart(name) : undefined;
}

async function indexPage(): Promise<PageFile | undefined> {
  const html = await readIfThere(new URL("./page/index.html", import.meta.url));
  if (html === undefined) return undefined;
  const nonce = randomBytes(16).toString("base64");
  return {
    type: "text/html; charset=utf-8",
    body: html.replaceAll("__NONCE__", nonce),
    headers: { "Content-Security-Policy": policy(nonce) },
  };
}

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

async function vendorFile(name: string | undefined): Promise<PageFile | undefined> {
  const specifier = name && VENDOR[name];
  if (!specifier) return undefined;
  const body = await readFile(new URL(import.meta.resolve(specifier)), "utf8");
  return { type: TYPES[".ts"] ?? "", body };
}

async function pagePart(name: string): Promise<PageFile | undefined> {
  const type = TYPES[extname(name)];
  if (!type) return undefined;
  const source = await readIfThere(new URL(`./page/${name}`, import.meta.url));
  if (source === undefined) return undefined;
  return { type, body: name.endsWith(".ts") ? stripTypeScriptTypes(source) : source };
}

async function readIfThere(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}

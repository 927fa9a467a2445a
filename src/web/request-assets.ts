import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import type { WebAnswer } from "./request-http.ts";

const FOLDER = "/request/assets/";
const FILES = {
  "form.js": { source: "form.ts", type: "text/javascript; charset=utf-8" },
  "proof.js": { source: "proof.ts", type: "text/javascript; charset=utf-8" },
  "request.css": { source: "request.css", type: "text/css; charset=utf-8" },
} as const;
type Name = keyof typeof FILES;
type File = { body: string; type: string; version: string };

export type RequestAssets = {
  /** Its address, another one when its content changes. */
  href(name: Name): string;
  answer(path: string): WebAnswer | undefined;
};

/** The page's own files, read once. TypeScript leaves as JavaScript, with nothing built beforehand. */
export async function readRequestAssets(): Promise<RequestAssets> {
  const names = Object.keys(FILES) as Name[]; // Object.keys calls its keys strings
  const read = await Promise.all(names.map(async (name) => [name, await readAsset(name)] as const));
  const files = new Map<string, File>(read);
  return {
    href: (name) => `${FOLDER}${name}?v=${files.get(name)?.version}`,
    answer(path) {
      const file = path.startsWith(FOLDER) ? files.get(path.slice(FOLDER.length)) : undefined;
      if (!file) return undefined;
      const headers = {
        "content-type": file.type,
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
      };
      return { status: 200, headers, body: file.body };
    },
  };
}

async function readAsset(name: Name): Promise<File> {
  const { source, type } = FILES[name];
  const text = await readFile(new URL(`./page/${source}`, import.meta.url), "utf8");
  const body = source.endsWith(".ts") ? stripTypeScriptTypes(text) : text;
  return { body, type, version: createHash("sha256").update(body).digest("hex").slice(0, 12) };
}

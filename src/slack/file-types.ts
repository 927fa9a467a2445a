import { extname } from "node:path";
import { fileTypeFromBuffer } from "file-type";

/** What runs, or shows itself as somebody's page, once it is opened. */
const FORBIDDEN = new Set([
  ...["apk", "app", "class", "com", "crx", "deb", "dmg", "elf", "exe", "jar", "macho", "msi"],
  ...["msp", "pif", "pkg", "rpm", "scr", "swf", "wasm", "xpi"],
  ...["bash", "bat", "cjs", "cmd", "command", "js", "jse", "mjs", "php", "pl", "ps1", "psm1", "py"],
  ...["rb", "sh", "vbe", "vbs", "wsf", "wsh", "zsh"],
  ...["chm", "hta", "htm", "html", "mht", "mhtml", "shtml", "svg", "svgz", "xht", "xhtml"],
  ...["desktop", "lnk", "reg", "scf", "url", "webloc"],
  ...["docm", "dotm", "potm", "ppam", "ppsm", "pptm", "xlam", "xlsm", "xltm"],
]);

const HEAD = 1024;
const MARKUP =
  /^(<!doctype\s+(html|svg)|<(html|head|body|script|style|iframe|title|svg)[\s>/]|<\?php|#!)/i;
const BEFORE_MARKUP = /^(\s|<\?xml[^>]*>|<!--(?:[^-]|-(?!->))*-->)+/i;

export function isForbiddenName(name: string): boolean {
  const spoken = name.replace(/[\s.]+$/, ""); // Windows drops what stands at the end
  return FORBIDDEN.has(extname(spoken).slice(1).toLowerCase());
}

/** By its bytes, whatever it is called. Undefined: one that nobody may send. */
export async function mediaTypeOf(bytes: Buffer, said: string): Promise<string | undefined> {
  const found = await fileTypeFromBuffer(bytes);
  if (found && FORBIDDEN.has(found.ext)) return undefined;
  if (isMarkupOrScript(bytes.subarray(0, HEAD))) return undefined;
  return found?.mime ?? (said.startsWith("text/") ? "text/plain" : "application/octet-stream");
}

/** Text has no magic number: these are told by how they begin, as a browser and a shell do. */
function isMarkupOrScript(head: Buffer): boolean {
  return MARKUP.test(textOf(head).replace(BEFORE_MARKUP, ""));
}

function textOf(head: Buffer): string {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(head);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(head);
  return new TextDecoder().decode(head);
}

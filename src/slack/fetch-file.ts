import { createHash } from "node:crypto";
import { type FileFault, Refused, RetryLater } from "#errors.ts";
import { retryAfterMs } from "#retry-after.ts";

/** 10 MB, as Slack's own form takes them. */
export const MAX_FILE = 10 * 1024 * 1024;

type Wanted = {
  url: string;
  token: string;
  /** The only place where the token goes. */
  origin: string;
  /** As Slack announced it; undefined when it did not. */
  size: number | undefined;
  signal: AbortSignal;
};
export type Fetched = { bytes: Buffer; sha256: string };

/** Why a file is not taken, before anybody knows what it is called. */
export class Unfit extends Error {
  override name = "Unfit";
  readonly why: FileFault;

  constructor(why: FileFault, detail: string) {
    super(detail);
    this.why = why;
  }
}

/**
 * The bytes of a file, no more than announced and never more than 10 MB. Unfit, when it is another than was announced
 * or Slack does not give it; RetryLater, when the host does not answer; Refused, when it breaks off.
 */
export async function fetchFile(wanted: Wanted): Promise<Fetched> {
  const response = await ask(wanted);
  try {
    mustBeFile(response, wanted.size);
    return await readWhole(response, wanted);
  } finally {
    await response.body?.cancel().catch(() => {}); // what is left of it is not waited for
  }
}

/** Never along a redirect: the token would go with it. */
async function ask({ url, token, origin, signal }: Wanted): Promise<Response> {
  const to = URL.parse(url);
  if (to?.origin !== origin || to.username || to.password) {
    throw new Unfit("elsewhere", "its address is not on Slack's file host");
  }
  try {
    const headers = { authorization: `Bearer ${token}`, "accept-encoding": "identity" };
    return await fetch(to, { headers, redirect: "manual", signal });
  } catch (cause) {
    throw new RetryLater("no answer from Slack's file host", { cause });
  }
}

function mustBeFile({ status, type, headers }: Response, size: number | undefined): void {
  if (status === 404 || status === 410) throw new Unfit("gone", `answered ${status}`);
  if (status === 429 || status >= 500) {
    const afterMs = retryAfterMs(headers.get("retry-after"), Date.now());
    throw new RetryLater(`Slack's file host answered ${status}`, { afterMs });
  }
  if (type === "opaqueredirect" || status !== 200) {
    throw new Unfit("unreadable", `answered ${status}, which is no file`);
  }
  // Slack's sign-in page comes with 200; a web page that somebody sent is not taken either.
  if (/^(text\/html|application\/xhtml)/i.test(headers.get("content-type") ?? "")) {
    throw new Unfit("unreadable", "answered with a web page");
  }
  const length = headers.get("content-length");
  if (length !== null) mustFit(Number(length), size);
}

async function readWhole(response: Response, { size, signal }: Wanted): Promise<Fetched> {
  const hash = createHash("sha256");
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.byteLength;
      if (length > MAX_FILE || (size !== undefined && length > size)) break;
      hash.update(chunk);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (signal.aborted) throw new RetryLater("Slack's file host took too long", { cause });
    throw new Refused("the file broke off", { cause });
  }
  mustFit(length, size);
  return { bytes: Buffer.concat(chunks, length), sha256: hash.digest("hex") };
}

export function mustFit(length: number, size: number | undefined): void {
  if (length > MAX_FILE) throw new Unfit("too-large", `${length} bytes`);
  if (length === 0) throw new Unfit("empty", "no bytes");
  if (size !== undefined && length !== size) {
    throw new Unfit("wrong-length", `${length} bytes of ${size}`);
  }
}

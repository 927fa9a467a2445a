import type { z } from "zod";
import { LostLease, Quote, RetryLater, Silence } from "#errors.ts";
import { fetchFenced } from "#fence.ts";
import { retryAfterMs } from "#retry-after.ts";
import { refusal } from "./refusal.ts";

export const TIMEOUT_MS = 10_000;
const LONG_MS = 1000; // who refuses or cuts the connection does so at once
const MAX_BYTES = 1_000_000;
const MAX_EXCERPT = 200; // enough for a reason, too little for a ticket

export type DeskCall<S extends z.ZodType> = {
  /** "DL-1042": the ticket that the sentence of a refusal names. */
  number: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** What a success says. It is asked about `undefined` when the answer is empty. */
  answer: S;
  /** Milliseconds until the whole answer must be here; 10,000 when absent. */
  timeoutMs?: number;
};

/** What a conflict (409) means, only the desk's own file can know: most often "I have this already". */
export type DeskAnswer<T> = { kind: "done"; body: T } | { kind: "conflict" };

type Answered = {
  status: number;
  ok: boolean;
  retryAfter: string | null;
  text: string;
  isWhole: boolean;
};

/**
 * One HTTP call to a desk. Redirects are not followed.
 * Busy, broken or not letting us in → RetryLater; silent → Silence, which is one, too; any other "no" →
 * Problem("desk-refused").
 */
export async function callDesk<S extends z.ZodType>(
  call: DeskCall<S>,
  signal: AbortSignal,
): Promise<DeskAnswer<z.output<S>>> {
  const answered = await send(call, signal);
  if (answered.ok) return { kind: "done", body: readAnswer(call, answered) };
  if (answered.status === 409) return { kind: "conflict" };
  throw failure(call, answered);
}

async function send(call: DeskCall<z.ZodType>, signal: AbortSignal): Promise<Answered> {
  const begunAt = performance.now();
  const limit = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS);
  try {
    const response = await fetchFenced(call.url, {
      method: call.method,
      headers: call.headers,
      body: call.body ?? null,
      redirect: "error",
      signal: AbortSignal.any([signal, limit]),
    });
    const { status, ok, headers } = response;
    return { status, ok, retryAfter: headers.get("retry-after"), ...(await readText(response)) };
  } catch (cause) {
    if (cause instanceof LostLease) throw cause; // the desk was not asked: no silence of its
    const isSilence = !signal.aborted && performance.now() - begunAt > LONG_MS;
    const NoAnswer = isSilence ? Silence : RetryLater;
    throw new NoAnswer(`no answer from ${host(call)}: ${reason(cause)}`, { cause });
  }
}

/** No more than the limit: leaving the loop closes the connection. */
async function readText(response: Response): Promise<Pick<Answered, "text" | "isWhole">> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) return { text, isWhole: false };
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode(), isWhole: true };
}

/** A sign-in page and a proxy's greeting come with 200 too: neither has filed anything. */
function readAnswer<S extends z.ZodType>(call: DeskCall<S>, answered: Answered): z.output<S> {
  const { text, isWhole } = answered;
  try {
    if (!isWhole) throw new Error(`longer than ${MAX_BYTES} bytes`);
    return call.answer.parse(text.trim() ? JSON.parse(text) : undefined);
  } catch (error) {
    const cause = quoted(answered, reason(error)); // JSON.parse quotes, too
    throw new RetryLater(`${said(call, answered)}, which is not an answer of the desk`, { cause });
  }
}

function failure(call: DeskCall<z.ZodType>, answered: Answered): Error {
  const { status, retryAfter } = answered;
  const afterMs = retryAfterMs(retryAfter, Date.now());
  const cause = quoted(answered);
  if (status === 401 || status === 403) {
    const advice = "it does not accept our credentials: check the desk's settings";
    return new RetryLater(`${said(call, answered)}; ${advice}`, { afterMs, cause });
  }
  const isRefusal = status >= 400 && status < 500 && ![408, 425, 429].includes(status);
  if (isRefusal) return refusal(call.number, said(call, answered), cause);
  return new RetryLater(said(call, answered), { afterMs, cause });
}

/** Without the path and query, where some desks keep secrets. */
function said(call: DeskCall<z.ZodType>, { status }: Answered): string {
  return `${call.method} to ${host(call)} was answered ${status}`;
}

function quoted({ text }: Answered, ...more: string[]): Quote {
  const excerpt = text.replace(/[\p{Cc}\s]+/gu, " ").trim();
  const shown = excerpt ? `"${excerpt.slice(0, MAX_EXCERPT).toWellFormed()}"` : "nothing more";
  return new Quote([shown, ...more].join(": "));
}

function host(call: DeskCall<z.ZodType>): string {
  return new URL(call.url).host;
}

/** `fetch` says only "fetch failed" and keeps the reason in its cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reason(error.cause) : error.message;
}

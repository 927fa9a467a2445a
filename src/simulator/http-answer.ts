import type { IncomingMessage, ServerResponse } from "node:http";
import type { Sim } from "./sim.ts";

export type HttpAnswer = {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
  /** The call took effect, but its answer is never sent. */
  drop?: boolean;
};

export type Exchange = { sim: Sim; request: IncomingMessage; response: ServerResponse; url: URL };

const MAX_BODY = 4_000_000;

export function answer(
  response: ServerResponse,
  { status, headers, body }: Omit<HttpAnswer, "drop">,
): void {
  const isText = typeof body === "string";
  response.writeHead(status, {
    "Content-Type": isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
}

export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request, MAX_BODY)).toString("utf8");
}

export async function readBytes(request: IncomingMessage, max: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > max) throw new Error("The body is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

import type { IncomingMessage } from "node:http";

const BODY_LIMIT = 1024 * 1024; // Slack's own largest payload is a view of 250 KB

/** The bytes as they came, for signatures are made over them; undefined when there are too many. */
export async function readBody(req: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(req.headers["content-length"] ?? 0) > BODY_LIMIT) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  // Left alone rather than destroyed at the limit: the sender shall still read our answer.
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

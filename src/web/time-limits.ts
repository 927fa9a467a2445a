import type { IncomingMessage, ServerResponse } from "node:http";

const BODY_MS = 10_000; // a request that dribbles in is cut off
const FILES_MS = 10 * 60_000; // 100 MB from a phone at 1.5 Mbit/s
const IDLE_MS = 20_000;

/** Node knows one limit for all requests: that of those with files. The others are cut off here, as Node does it. */
export const LONGEST_MS = FILES_MS + BODY_MS;

/** What a request may take to arrive. `allowFiles`: longer, as long as something comes. */
export type TimeLimit = { allowFiles(): void };

export function limitTime(req: IncomingMessage, res: ServerResponse): TimeLimit {
  if (!hasBody(req)) return { allowFiles() {} };
  let timer = setTimeout(() => cutOff(req, res), BODY_MS);
  let look: NodeJS.Timeout | undefined;
  req.once("close", () => {
    clearTimeout(timer);
    clearInterval(look);
  });
  return {
    allowFiles() {
      clearTimeout(timer);
      timer = setTimeout(() => cutOff(req, res), FILES_MS);
      let before = -1;
      look = setInterval(() => {
        const { bytesRead } = req.socket;
        const isOursToRead = req.readableFlowing !== true; // what came before it is being passed on
        if (bytesRead === before && !isOursToRead) cutOff(req, res);
        before = bytesRead;
      }, IDLE_MS);
    },
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return "transfer-encoding" in headers || Number(headers["content-length"] ?? 0) > 0;
}

function cutOff(req: IncomingMessage, res: ServerResponse): void {
  if (req.complete) return;
  if (res.headersSent) req.destroy();
  else res.writeHead(408, { connection: "close" }).end();
}

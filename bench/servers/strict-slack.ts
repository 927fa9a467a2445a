import { createServer, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { sayPort } from "./say-port.ts";

/** Slack that takes one message a second in a channel, answers 429 to any other, and needs 40 ms. Asked, it tells what it got. */
const GAP_MS = 1000;
const LATENCY_MS = 40;
const ANSWERS: Record<string, object> = {
  "auth.test": { team_id: "T1", team: "Home", user_id: "U0APP", bot_id: "B1" },
};

type Message = { channel: string; text: string; at: number; isTaken: boolean };
let messages: Message[] = [];
const takenAt = new Map<string, number>();

const server = createServer(async (req, res) => {
  const at = performance.timeOrigin + performance.now();
  const form = new URLSearchParams(await read(req));
  const method = req.url?.slice("/api/".length) ?? "";
  const isTaken = method !== "chat.postMessage" || take(form, at);
  await sleep(LATENCY_MS);
  res.writeHead(isTaken ? 200 : 429, {
    "content-type": "application/json",
    ...(!isTaken && { "retry-after": "1" }),
  });
  res.end(JSON.stringify({ ok: isTaken, ts: `${at / 1000}`, ...ANSWERS[method] }));
});

function take(form: URLSearchParams, at: number): boolean {
  const channel = form.get("channel") ?? "";
  const isTaken = at - (takenAt.get(channel) ?? 0) >= GAP_MS;
  if (isTaken) takenAt.set(channel, at);
  messages.push({ channel, text: form.get("text") ?? "", at, isTaken });
  return isTaken;
}

async function read(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

process.on("message", () => {
  process.send?.(messages);
  messages = [];
});
server.listen(0, "127.0.0.1", () => sayPort(server));

import { openSync, writeSync } from "node:fs";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { signedHeaders } from "#simulator/sign.ts";
import { ticketCommand, ticketSubmission } from "./payloads.ts";
import { askerOf } from "./places.ts";

/**
 * People filing tickets, as a process of its own: `/ticket` and one submission at each beat, whether or not what was
 * asked before is answered. Every answer is one line of the log, its time counted from the beat.
 */

const { values: asked } = parseArgs({
  options: {
    url: { type: "string", default: "" },
    secret: { type: "string", default: "" },
    log: { type: "string", default: "/dev/null" },
    mark: { type: "string", default: "load" },
    rate: { type: "string", default: "50" },
    seconds: { type: "string", default: "60" },
    channels: { type: "string", default: "100" },
  },
});
const SLACK_GIVES_UP_MS = 10_000; // beyond its 3 seconds, so that a late answer is seen and not only missed

const log = openSync(asked.log, "a");
const agent = new Agent({ keepAlive: true });
const underWay = new Set<Promise<void>>();
const beatMs = 1000 / Number(asked.rate);
const total = Math.round(Number(asked.rate) * Number(asked.seconds));
let isStopped = false;
process.once("SIGTERM", () => {
  isStopped = true;
});

const began = performance.now();
let sent = 0;
for (; sent < total && !isStopped; sent += 1) {
  const dueAt = began + sent * beatMs;
  const early = dueAt - performance.now();
  if (early > 0) await sleep(early);
  file(sent, dueAt);
}
const tookMs = performance.now() - began;
await Promise.all(underWay);
process.stdout.write(`${JSON.stringify({ sent, tookMs })}\n`);
agent.destroy();

function file(n: number, dueAt: number): void {
  const asker = askerOf(n, Number(asked.channels));
  const subject = `${asked.mark} ${n}`;
  for (const [kind, body] of [
    ["command", ticketCommand(asker)],
    ["submission", ticketSubmission(asker, subject)],
  ] as const) {
    const done = post(body)
      .catch((error: unknown) => ({ status: 0, answer: String(error) }))
      .then(({ status, answer }) => {
        const ms = performance.now() - dueAt;
        const number = /DL-\d+/.exec(answer)?.[0];
        const why = status === 200 && (number || kind === "command") ? {} : { answer };
        const line = { kind, subject, ms: Number(ms.toFixed(1)), status, number, ...why };
        writeSync(log, `${JSON.stringify(line)}\n`);
      })
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }
}

function post(body: string): Promise<{ status: number; answer: string }> {
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": Buffer.byteLength(body),
    ...signedHeaders(asked.secret, body),
  };
  const signal = AbortSignal.timeout(SLACK_GIVES_UP_MS);
  return new Promise((resolve, reject) => {
    const sending = request(asked.url, { method: "POST", agent, headers, signal }, (response) => {
      const status = response.statusCode ?? 0;
      text(response).then((answer) => resolve({ status, answer }), reject);
    });
    sending.once("error", reject);
    sending.end(body);
  });
}

import { openSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { HOME } from "./places.ts";

/**
 * Slack as a process of its own: answers at once, holds every channel to one message a second and `chat.update` to its
 * tier, and writes down each message and each 429. `node test/load/slack.ts --log slack.jsonl` prints its API's address.
 */

const CHANNEL_GAP_MS = 980; // a second, but for the noise of two clocks
const EDITS = { perSecond: 50 / 60, burst: 10 }; // tier 3

const { values } = parseArgs({ options: { log: { type: "string", default: "/dev/null" } } });
const log = openSync(values.log, "a");
const postedAt = new Map<string, number>();
const edits = new Map<string, { level: number; at: number }>();
let count = 0;

type Call = { method: string; team: string; form: URLSearchParams };

const server = createServer(async (req, res) => {
  const method = (req.url ?? "").replace("/api/", "");
  const form = new URLSearchParams(await text(req));
  const token = req.headers.authorization?.replace("Bearer ", "") ?? form.get("token") ?? "";
  const call = { method, team: token.replace("xoxb-", ""), form };
  const isTooFast = method === "chat.postMessage" ? postsTooFast(call) : editsTooFast(call);
  if (isTooFast || method === "chat.postMessage") note(call, isTooFast);
  if (isTooFast) return void res.writeHead(429, { "retry-after": "1" }).end();
  res.writeHead(200, { "content-type": "application/json" });
  res.end(JSON.stringify({ ok: true, ...answer(call) }));
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const { port } = server.address() as AddressInfo; // it listens on TCP
process.stdout.write(`http://127.0.0.1:${port}/api/\n`);

function postsTooFast({ team, form }: Call): boolean {
  const channel = `${team}/${form.get("channel")}`;
  const now = performance.now();
  const before = postedAt.get(channel) ?? Number.NEGATIVE_INFINITY;
  if (now - before < CHANNEL_GAP_MS) return true;
  postedAt.set(channel, now);
  return false;
}

function editsTooFast({ method, team }: Call): boolean {
  if (method !== "chat.update") return false;
  const now = performance.now();
  const bucket = edits.get(team) ?? { level: EDITS.burst, at: now };
  const gained = ((now - bucket.at) / 1000) * EDITS.perSecond;
  const level = Math.min(EDITS.burst, bucket.level + gained);
  const isTooFast = level < 1;
  edits.set(team, { level: isTooFast ? level : level - 1, at: now });
  return isTooFast;
}

function note({ method, team, form }: Call, isTooFast: boolean): void {
  const channel = form.get("channel");
  const key = /"key":"([^"]+)"/.exec(form.get("metadata") ?? "")?.[1];
  writeSync(
    log,
    `${JSON.stringify({ method, team, channel, key, status: isTooFast ? 429 : 200 })}\n`,
  );
}

function answer({ method, team, form }: Call): object {
  if (method === "auth.test")
    return { team_id: HOME, team: "Home", user_id: "U0APP", bot_id: "B0" };
  if (method === "users.info") return { user: personOf(form.get("user") ?? "", team) };
  if (method === "chat.getPermalink") return { permalink: "https://slack.example/archives/p1" };
  if (method === "views.open") return { view: { id: "V1" } };
  if (method !== "chat.postMessage") return { channel: form.get("channel"), ts: form.get("ts") };
  count += 1;
  return { channel: form.get("channel"), ts: `${1_700_000_000 + count}.000001` };
}

function personOf(id: string, team: string): object {
  const locale = id.endsWith("0") ? "ja-JP" : "en-US";
  return { id, team_id: team, name: id.toLowerCase(), locale, tz: "Asia/Tokyo" };
}
